// SPDX-License-Identifier: Apache-2.0
/**
 * The source for any program with Prometheus metrics: a mapping defines which metrics are which fields.
 *
 * <p>Data flow: mapping file or preset → {@code Mapping} of {@code MetricExpression}s → {@code MappedNode}, within a {@code
 * ScrapedSource}.
 */
@NullMarked
package io.tacho.agent.source.prometheus;

import org.jspecify.annotations.NullMarked;

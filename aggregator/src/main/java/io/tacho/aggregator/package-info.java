// SPDX-License-Identifier: Apache-2.0
/**
 * The aggregator: follows all nodes of a namespace and serves them over HTTP.
 *
 * <p>Data flow: Redis → {@code collect} → {@code view} → {@code cluster} → {@code api}, {@code events}, {@code metrics},
 * {@code alert} → {@code http}.
 *
 * <p>{@code Aggregator} is the composition root: it creates all parts and closes them. It is the only class that knows Redis
 * and the collector.
 */
@NullMarked
package io.tacho.aggregator;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/** Metrics for Prometheus: the nodes, the cluster and the aggregator itself. */
@NullMarked
package io.tacho.aggregator.metrics;

import org.jspecify.annotations.NullMarked;

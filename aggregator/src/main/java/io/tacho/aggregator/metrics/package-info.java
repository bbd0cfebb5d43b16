// SPDX-License-Identifier: Apache-2.0
/**
 * The Prometheus metrics of the nodes, the cluster and the aggregator.
 *
 * <p>Data flow: view, totals and counters → {@code NodeMetrics}, {@code ClusterMetrics}, {@code AggregatorMetrics}, {@code
 * HttpMetrics}, {@code ProcessMetrics} → {@code Families} → {@code MetricsPage}.
 *
 * <p>The cluster metrics render the same totals as {@code /cluster}.
 */
@NullMarked
package io.tacho.aggregator.metrics;

import org.jspecify.annotations.NullMarked;

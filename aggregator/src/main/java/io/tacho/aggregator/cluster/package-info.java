// SPDX-License-Identifier: Apache-2.0
/**
 * The totals of the cluster: the values of all nodes, merged by the rules of the field catalogue.
 *
 * <p>Data flow: {@code KnownNode}s → {@code TotalsBuilder} → {@code ClusterTotals} → {@code TotalsCache} → JSON, Prometheus,
 * alerts, {@code info}.
 *
 * <p>{@code ClusterMetric} names each total as one number. {@code CostThrottledCache} limits the share of CPU time for
 * renewals.
 */
@NullMarked
package io.tacho.aggregator.cluster;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/**
 * The totals of the cluster: the values of all nodes, merged by the rules of the field catalogue.
 *
 * <p>Data flow: {@code KnownNode}s → {@code TotalsBuilder} → {@code ClusterTotals} → {@code TotalsCache} → {@code /cluster}, {@code
 * /metrics}, alerts and {@code info}. {@code ClusterTotals} has a {@code MergedValue} per field and {@code MergedTimes} per kind of
 * request; {@code ClusterMetric} names each of their numbers. {@code CostThrottledCache} limits the CPU time for recomputation.
 */
@NullMarked
package io.tacho.aggregator.cluster;

import org.jspecify.annotations.NullMarked;

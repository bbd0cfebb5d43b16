// SPDX-License-Identifier: Apache-2.0
/**
 * Keeps the view consistent with the store.
 *
 * <p>Data flow: {@code SnapshotSource} (Redis) → {@code Collector}, with one {@code PartitionLoader} and one {@code PartitionCollector}
 * per partition → {@code ClusterView}. The loader reads all entries after each (re)connect. Afterwards a beat of a known node updates
 * it. A beat of an unknown node only adds its uid to {@code PendingNodes}, and the node's entry is loaded from the store. A sweep loads
 * the entries of the registry that the view does not contain. Suspects, nodes without a beat for longer than their TTL, are confirmed
 * or evicted by their entry, see {@code SuspectCheck}. {@code StoreRequests} applies a response only if no partition that it depends on
 * was disconnected meanwhile. While a partition is disconnected none of its nodes is evicted; {@code CoverageLog} logs which partitions
 * are.
 */
@NullMarked
package io.tacho.aggregator.collect;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/**
 * Keeps the view consistent with the store.
 *
 * <p>Data flow: {@code SnapshotSource} → {@code Collector} → {@code ClusterView}. Messages of unknown nodes go to {@code
 * PendingNodes} and are loaded from the store. A sweep finds suspects, reads their entries, and confirms or evicts them.
 *
 * <p>While the store is unreachable no node is evicted.
 */
@NullMarked
package io.tacho.aggregator.collect;

import org.jspecify.annotations.NullMarked;

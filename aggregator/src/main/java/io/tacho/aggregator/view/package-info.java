// SPDX-License-Identifier: Apache-2.0
/**
 * The last known state of every node.
 *
 * <p>Data flow: {@code Collector} → {@code ClusterView} → {@code NodeHolder} per node, sorted by {@code SortedNodes}. Readers
 * receive an immutable {@code NodeList} of {@code KnownNode}s, or the {@code ChangeBatch} since a {@code ViewCursor} from the
 * {@code ChangeLog}.
 *
 * <p>{@code SubscriptionState} and {@code ViewStatus} describe whether the view follows the store. {@code Tombstones} reject
 * late messages of nodes that have left.
 */
@NullMarked
package io.tacho.aggregator.view;

import org.jspecify.annotations.NullMarked;

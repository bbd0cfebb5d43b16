// SPDX-License-Identifier: Apache-2.0
/**
 * The last known state of every node.
 *
 * <p>Data flow: {@code Collector} → {@code ClusterView} → {@code NodeHolder} per node, sorted by {@code SortedNodes}. Readers
 * receive an immutable {@code NodeList} of {@code KnownNode}s, or the {@code ChangeBatch} since a {@code ViewCursor} from the
 * {@code ChangeLog}.
 *
 * <p>Terms:
 *
 * <ul>
 *   <li>Beat: the heartbeat that a node publishes, with its metrics.
 *   <li>Seq: the sequence number of a beat, ascending for each node; of two beats the one with the higher seq is newer.
 *   <li>Window: the metrics interval that a beat reports on.
 *   <li>Suspect: a node that published no beat within its TTL and is neither confirmed nor evicted by the store yet.
 *   <li>Stale: a suspect, as reported to readers; or a view that may have missed changes.
 *   <li>Lost: a suspect that was evicted, because the store contains no entry of the node.
 *   <li>Left: a node that announced its departure with a message and was removed.
 * </ul>
 *
 * <p>{@code SubscriptionState} and {@code ViewStatus} describe whether the view follows the store. {@code Tombstones} reject
 * late messages of nodes that have left.
 */
@NullMarked
package io.tacho.aggregator.view;

import org.jspecify.annotations.NullMarked;

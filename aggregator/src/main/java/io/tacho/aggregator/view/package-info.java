// SPDX-License-Identifier: Apache-2.0
/**
 * The last known state of every node.
 *
 * <p>Data flow: {@code Collector} → {@code ClusterView} → one {@code NodeHolder} per node, sorted by {@code SortedNodes}. Readers
 * receive an immutable {@code NodeList} of {@code KnownNode}s. A reader of changes passes its {@code ViewCursor} and receives the
 * {@code ChangeBatch} after it from the {@code ChangeLog}. {@code ViewStatus} states whether the view follows the store.
 * {@code Tombstones} reject late beats of nodes that were removed.
 *
 * <p>Terms:
 *
 * <ul>
 *   <li>Store: Redis. Entry: what the store contains of a node; it expires after the node's TTL without a beat.
 *   <li>Beat: the heartbeat that a node publishes, with its metrics.
 *   <li>Seq: the sequence number of a beat, ascending for each node; of two beats the one with the higher seq is newer.
 *   <li>Writer: the agent that publishes the beats of a node; two writers of one uid are a conflict.
 *   <li>Window: the metrics interval that a beat reports on.
 *   <li>Detail: the histograms, sketches and extra values of a node's window. {@code detail.DetailBudget} bounds their memory and drops the
 *       least needed histograms and sketches.
 *   <li>Version: a number that grows by one with every change of the view.
 *   <li>Membership change: a node joined, started draining, or departed. Departed means left, lost or restarted. Every other change
 *       is an update.
 *   <li>Draining: the beats of the node announce that it will leave soon; it is still in the view.
 *   <li>Left: the node announced its departure with a message.
 *   <li>Suspect: a node without a beat for longer than its TTL. If the store still has its entry it is confirmed, otherwise it is
 *       evicted.
 *   <li>Lost: a suspect that was evicted.
 *   <li>Restarted, or replaced: a node that is removed because a node of the same name on the same host, its successor, sends beats
 *       while it does not.
 *   <li>Stale, of a node: the state that readers see of a suspect.
 *   <li>Partition: a part of the nodes, whose entries are on one server. It is connected while the view follows it.
 *   <li>Stale, of a view: at least one partition is not connected, and changes of it may have been missed.
 *   <li>Ready, of a view: it contains all nodes, except those of partitions that were never reachable.
 * </ul>
 */
@NullMarked
package io.tacho.aggregator.view;

import org.jspecify.annotations.NullMarked;

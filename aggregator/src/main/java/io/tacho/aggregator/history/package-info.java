// SPDX-License-Identifier: Apache-2.0
/**
 * The cluster over time: the windows of the cluster that are stored in Redis, and the last windows of each node.
 *
 * <p>Data flow of {@code /history}: {@code WindowHistory} (Redis) → {@code WindowPoller} → {@code WindowCache} → {@code HistoryReader}
 * → {@code StepMerger} → {@code HistoryStep}s. Data flow of {@code /nodes/<uid>/series}: view → {@code WindowDispatcher} → {@code
 * NodeSeries}. {@code SketchUnionWriter} merges the sketches of the nodes and adds them to the stored windows. {@code HistoryService}
 * runs all of it.
 *
 * <p>Terms:
 *
 * <ul>
 *   <li>Window: a metrics interval; of a node, or with the merged values of all nodes of the cluster.
 *   <li>Slot: the start and length of a window of the cluster.
 *   <li>Step: one or more windows of the cluster, merged for a response.
 *   <li>Sketch: a set of ids, from which the number of distinct ids is estimated; sketches are merged into a union.
 * </ul>
 */
@NullMarked
package io.tacho.aggregator.history;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/**
 * The cluster over time: its windows as stored in Redis, and the last windows of each node, in bounded memory.
 *
 * <p>Data flow: {@code WindowHistory} → {@code HistoryFollower} → {@code ClusterMemory} → {@code HistoryReader} → {@code
 * StepMerge} → {@code HistoryStep}s for {@code /history}. Beats → {@code NodeSeries} for {@code /nodes/<uid>/series}.
 *
 * <p>{@code EndedWindows} and {@code DistinctGather} collect the sketches of a window and add them to the stored union.
 */
@NullMarked
package io.tacho.aggregator.history;

import org.jspecify.annotations.NullMarked;

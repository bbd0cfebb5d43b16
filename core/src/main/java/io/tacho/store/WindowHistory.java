// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import io.tacho.model.ClusterWindow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The stored windows of the cluster, independent of which nodes still exist. It never blocks, and reports failures in its results.
 *
 * <p>Thread safety: safe.
 */
public interface WindowHistory extends AutoCloseable {

    /**
     * Returns the current content of the windows that have changed since a mark. A window that changed shortly before the mark may be
     * returned again. If the store has lost its data, windows are returned with what nodes have uploaded again since.
     *
     * @param limit the maximum number of windows; those that start last are returned
     * @return completed exceptionally with {@link TransportException} if reading them fails now
     */
    default CompletionStage<WindowChanges> changedSince(HistoryMark mark, int limit) {
        List<ClusterWindow> windows = Collections.synchronizedList(new ArrayList<>());
        return changedSince(mark, limit, batch -> {
                    windows.addAll(batch);
                    return CompletableFuture.completedFuture(null);
                })
                .thenApply(next -> new WindowChanges(windows, next));
    }

    /**
     * Reads what {@link #changedSince(HistoryMark, int)} returns, in batches.
     *
     * @return the position after them, when all batches have been accepted
     */
    CompletionStage<HistoryMark> changedSince(HistoryMark mark, int limit, WindowBatches batches);

    /**
     * Merges distinct users and channels into a stored window. The result is the same for any number of aggregators and repetitions.
     * For windows that {@link #changedSince} has returned.
     *
     * @return completed when it is stored; exceptionally with {@link TransportException} if it may not be
     */
    CompletionStage<Void> add(DistinctWindow distinct);

    /** Closes the connection, waiting a bounded time. Idempotent. */
    @Override
    void close();
}

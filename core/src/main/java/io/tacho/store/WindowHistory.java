// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import io.tacho.model.ClusterWindow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The history of the cluster: the numbers of its windows, independent of which nodes are still there. It never blocks, and
 * reports failures in its results.
 *
 * <p>Thread safety: safe.
 */
public interface WindowHistory extends AutoCloseable {

    /**
     * Returns the windows that have changed since the mark, as they are now; a window that changed shortly before it may be
     * returned again. When the store has lost its data, windows come again with less in them, and then with everything that
     * nodes still retain.
     *
     * @param limit of more windows than that, only those are returned that start last
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
     * Adds distinct users and channels to a window: the union with the stored ones, which is the same for any number of
     * aggregators and repetitions. For windows that {@link #changedSince} has returned.
     *
     * @return completed when it is stored; exceptionally with {@link TransportException} if it may not
     */
    CompletionStage<Void> add(DistinctWindow distinct);

    /** Releases the connection, waiting for it a bounded time. Idempotent. */
    @Override
    void close();
}

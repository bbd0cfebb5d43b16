// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import io.tacho.model.ClusterWindow;
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
     * @return without the parts of partitions that cannot be read now; completed exceptionally with {@link TransportException} if
     *     that is all of them
     */
    default CompletionStage<WindowChanges> changedSince(HistoryMark mark, int limit) {
        return changedSince(mark, limit, Long.MAX_VALUE);
    }

    /**
     * Returns the changed windows as {@link #changedSince(HistoryMark, int)} does.
     *
     * @param maxBytes of windows with more {@link ClusterWindow#memoryBytes()} in total, only those are returned that start last
     */
    CompletionStage<WindowChanges> changedSince(HistoryMark mark, int limit, long maxBytes);

    /** Closes the connection, waiting a bounded time. Idempotent. */
    @Override
    void close();
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import java.util.concurrent.CompletionStage;

/**
 * The memory of the cluster: what happened in its windows, whichever nodes are still there. It never blocks, and never throws
 * for what happens on the way.
 *
 * <p>Thread safety: safe.
 */
public interface WindowHistory extends AutoCloseable {

    /**
     * The windows that have changed since the mark, as they are now; a window that changed shortly before it may be among them
     * again. When the store has lost its data, windows come again with less in them, and then with all that nodes still keep.
     *
     * @param limit of more windows than that only those are told that start last
     * @return completed exceptionally with {@link TransportException} if they cannot be read now
     */
    CompletionStage<WindowChanges> changedSince(HistoryMark mark, int limit);

    /**
     * Adds distinct users and channels to a window's: a union with what stands there, however many aggregators do so, and how
     * often. For windows that {@link #changedSince} has told.
     *
     * @return completed when it stands there; exceptionally with {@link TransportException} if it may not
     */
    CompletionStage<Void> add(DistinctWindow distinct);

    /** Releases the connection, waiting for it a bounded time. Idempotent. */
    @Override
    void close();
}

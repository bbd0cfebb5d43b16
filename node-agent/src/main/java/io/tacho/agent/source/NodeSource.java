// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source;

import io.tacho.agent.record.RecordedInterval;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Where a node's numbers come from. Windows, beats and the way to Redis are the same for all sources; adding one is
 * implementing this. A source may
 *
 * <ul>
 *   <li>write events to the agent's recorder: what that made of them in the last window comes back in {@link #read}, to be
 *       passed on;
 *   <li>know totals: it takes their differences at {@link #endWindow()};
 *   <li>know the metrics of an interval: it tells them in {@link #read} in the place of what was recorded.
 * </ul>
 *
 * <p>Thread safety: {@link #refresh}, {@link #endWindow} and {@link #read} are called by one thread at a time, and must not
 * block it.
 */
public interface NodeSource extends AutoCloseable {

    /** What it is, for the log: {@code node chat_8000 (…)}. */
    String describe();

    /**
     * Begins to listen or to ask; called once, before everything else.
     *
     * @param drain marks the node as about to leave
     * @throws IllegalArgumentException naming the setting that cannot be, e.g. an address that is taken
     */
    default void start(Runnable drain) {}

    /**
     * Brings what the source knows up to date: before every beat and at the end of every window.
     *
     * @return completed when it is as fresh as it will get: never exceptionally, and soon compared with a beat
     */
    default CompletionStage<Void> refresh() {
        return CompletableFuture.completedFuture(null);
    }

    /**
     * A window ends.
     *
     * @return whether the next one has begun; false where the source cannot tell now what happened: then the open window
     *     goes on, and the last one stays as it is
     */
    default boolean endWindow() {
        return true;
    }

    /**
     * What there is to tell of the node.
     *
     * @param recorded what was written to the agent's recorder in the last completed window
     * @return null while there is no node: it has not been met yet, or was silent too long
     */
    @Nullable
    NodeState read(RecordedInterval recorded);

    /** Stops listening or asking. Idempotent. */
    @Override
    default void close() {}
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source;

import io.tacho.agent.record.RecordedInterval;
import io.tacho.model.NodeTotals.ProcessTotals;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A source of a node's numbers. Windows, beats and the connection to Redis are the same for all sources. A source may
 *
 * <ul>
 *   <li>write events to the agent's recorder: the recorded window is the argument of {@link #read};
 *   <li>know totals: it takes their differences at {@link #endWindow()};
 *   <li>know the metrics of an interval: it returns them in {@link #read} instead of what was recorded.
 * </ul>
 *
 * <p>Thread safety: {@link #refresh}, {@link #endWindow} and {@link #read} are called by one thread at a time, and must not
 * block it.
 */
public interface NodeSource extends AutoCloseable {

    /** {@return a description for the log: {@code node chat_8000 (…)}} */
    String describe();

    /**
     * Starts listening or scraping; called once, before all other methods.
     *
     * @param drain marks the node as about to leave
     * @throws IllegalArgumentException naming the invalid setting, e.g. an address in use
     */
    default void start(Runnable drain) {}

    /**
     * Updates the numbers, before every beat and at the end of every window.
     *
     * @return completed when the numbers are up to date: never exceptionally, and much earlier than the next beat
     */
    default CompletionStage<Void> refresh() {
        return CompletableFuture.completedFuture(null);
    }

    /**
     * Ends a window.
     *
     * @return whether the next one has begun; false if the source does not know the numbers of the window: then the open
     *     window continues, and the last one does not change
     */
    default boolean endWindow() {
        return true;
    }

    /** Announces that the agent ends: the next {@link #endWindow()} ends the last window, with what is known of it. */
    default void finish() {}

    /**
     * Returns whether another node has replaced the one that {@link #read} returned last, and the open window is still of the
     * previous one: then it ends before the next beat.
     */
    default boolean isReplaced() {
        return false;
    }

    /**
     * Returns what was counted in the window that {@link #endWindow()} ended, also if its node is gone or replaced. A source that returns
     * metrics of an interval in {@link #read} overrides this.
     *
     * @param recorded what was written to the agent's recorder in that window
     */
    default RecordedInterval counted(RecordedInterval recorded) {
        return recorded;
    }

    /**
     * Returns the state of the node.
     *
     * @param recorded what was written to the agent's recorder in the last completed window
     * @return null while there is no node: it was not seen yet, or was silent too long
     */
    @Nullable
    NodeState read(RecordedInterval recorded);

    /**
     * Returns the totals of the node's process at the end of the window that {@link #endWindow()} ended; null if they are
     * unknown, or if the process does not outlive this agent. With them the history has also what happened while no agent was
     * running.
     */
    default @Nullable ProcessTotals totalsAtWindowEnd() {
        return null;
    }

    /**
     * Returns whether the node that {@link #read} no longer returns was lost: it stopped responding, or its process ended. Then
     * the beats end without a leave message, so that the node is lost once its TTL expires, unless it is draining.
     */
    default boolean isLost() {
        return false;
    }

    /** Stops listening or scraping. Idempotent. */
    @Override
    default void close() {}
}

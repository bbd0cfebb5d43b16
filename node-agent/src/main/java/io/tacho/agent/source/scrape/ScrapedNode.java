// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.scrape;

import io.tacho.agent.source.NodeState;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What a program's metrics mean: its identity and its fields.
 *
 * <p>Thread safety: one caller at a time.
 */
public interface ScrapedNode {

    /**
     * Starts listening, if the node does.
     *
     * @throws IllegalArgumentException naming the invalid setting, e.g. an address in use
     */
    default void start() {}

    /** Stops listening. */
    default void close() {}

    /** {@return the program, for the log: {@code Centrifugo}} */
    String program();

    /** {@return the name of the node} */
    String name();

    /** {@return the version of the node's software; null if it is not reported} */
    @Nullable
    String version(Scrape scrape);

    /** {@return whether the metrics contain threads, memory, CPU time and start} */
    boolean hasProcessMetrics(Scrape scrape);

    /**
     * Obtains what the metrics do not contain, before a scrape is used.
     *
     * @param before the scrape before; null for the first
     * @return completed in time for a beat, never exceptionally
     */
    default CompletionStage<Void> prepare(@Nullable Scrape before, Scrape now) {
        return CompletableFuture.completedFuture(null);
    }

    /** {@return whether the node was restarted between two scrapes; from then on it has another uid} */
    boolean isAnother(Scrape before, Scrape now);

    /** {@return the metrics of a window} */
    WindowMetrics window(Increase increase, double elapsedSeconds);

    /**
     * Returns the state of the node after a scrape.
     *
     * @param stale whether a later scrape failed
     */
    NodeState state(Scrape scrape, WindowMetrics window, boolean stale);
}

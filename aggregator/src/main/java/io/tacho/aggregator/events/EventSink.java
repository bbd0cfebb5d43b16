// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.events;

import java.util.List;

/**
 * The destination of a reader's events. Never blocks and never throws: if a write is not possible, the connection is closed, and the
 * feed is notified by {@link EventReader#close()}.
 *
 * <p>Thread safety: safe.
 */
public interface EventSink {

    /**
     * Writes whole events.
     *
     * @param events parts of one text, UTF-8, in the form of {@code text/event-stream}; shared, not to be changed
     * @param taken run when the reader's side has taken them, on whatever thread; not run if it never does
     */
    void write(List<byte[]> events, Runnable taken);

    /** Ends the stream. Idempotent. */
    void close();
}

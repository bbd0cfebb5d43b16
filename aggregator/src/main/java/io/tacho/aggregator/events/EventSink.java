// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.events;

import java.util.List;

/**
 * The destination of the events for one reader, e.g. a connection. Never blocks and never throws: if a write is not possible, the
 * connection is closed, which removes the reader from the feed.
 *
 * <p>Thread safety: safe.
 */
public interface EventSink {

    /**
     * Writes complete events.
     *
     * @param events parts of one UTF-8 text in the form of {@code text/event-stream}; shared, must not be modified
     * @param onWritten run on any thread when the events were written to the connection; not run if that fails
     */
    void write(List<byte[]> events, Runnable onWritten);

    /** Ends the stream. Idempotent. */
    void close();
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.message;

import java.util.List;

/**
 * An answer whose body has no end that is known: the endpoint takes the connection over and writes when there is something
 * to write. The body ends with the connection.
 *
 * @param headers in the order in which they are written
 */
public record StreamingResponse(List<Headers.Field> headers, Listener listener) implements Response {

    /** Told on the connection's event loop. */
    public interface Listener {

        /** The head is written: the stream may be written to, from now until it is closed. */
        void opened(Stream stream);

        /** The reader has taken so much of what was written that more may be written. */
        default void writable(Stream stream) {}

        /** The connection is gone, whoever closed it; told once. */
        void closed(Stream stream);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.message;

import java.util.List;

/**
 * A response whose body has no known end: the endpoint takes over the connection and writes events as they occur. The body
 * ends with the connection.
 *
 * @param headers in the order in which they are written
 */
public record StreamingResponse(List<Header> headers, Listener listener) implements Response {

    /** Called on the connection's event loop. */
    public interface Listener {

        /** Called once the head is written: the stream accepts writes until it is closed. */
        void opened(Stream stream);

        /** Called when the client has read enough that more may be written. */
        default void writable(Stream stream) {}

        /** Called once, when either side has closed the connection. */
        void closed(Stream stream);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.message;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.Executor;

/** A connection that an endpoint has taken over. Call all methods except {@link #eventLoop()} on that loop. */
public interface Stream {

    /** Returns the executor of the connection's event loop. */
    Executor eventLoop();

    /** Returns whether the client has read most of what was written. Further writes are kept in memory. */
    boolean isWritable();

    /** Writes and flushes a chunk, and takes over the reference to it. Many streams may share one buffer. */
    void write(ByteBuf chunk);

    void close();
}

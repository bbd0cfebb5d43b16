// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.message;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.Executor;

/** A connection that an endpoint has taken over. All but {@link #eventLoop()} is to be called on that loop. */
public interface Stream {

    /** Runs tasks on the connection's event loop. */
    Executor eventLoop();

    /** Whether the reader has taken most of what was written; what is written all the same is kept in memory. */
    boolean isWritable();

    /** Writes and flushes; takes over the reference to the chunk. One buffer may be shared by many streams. */
    void write(ByteBuf chunk);

    void close();
}

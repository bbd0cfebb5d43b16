// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.message;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.concurrent.Executor;

/** A connection, or a stream of HTTP/2, that an endpoint has taken over. Call all methods except {@link #eventLoop()} on that loop. */
public final class Stream {

    private final Channel channel;
    private final StreamingResponse.Listener listener;
    private boolean open = true;

    /** Takes over the channel, whose response's head is written. */
    public Stream(Channel channel, StreamingResponse.Listener listener) {
        this.channel = channel;
        this.listener = listener;
    }

    /** Notifies the listener that it may write. */
    public void opened() {
        listener.opened(this);
    }

    /** Notifies the listener if the client has read enough that more may be written. */
    public void writabilityChanged() {
        if (isWritable()) {
            listener.writable(this);
        }
    }

    /** Notifies the listener, once, that either side has closed the connection. */
    public void closed() {
        if (open) {
            open = false;
            listener.closed(this);
        }
    }

    /** Returns the executor of the connection's event loop. */
    public Executor eventLoop() {
        return channel.eventLoop();
    }

    /** Returns whether the client has read most of what was written. Further writes are kept in memory. */
    public boolean isWritable() {
        return open && channel.isWritable();
    }

    /** Writes and flushes a chunk, and takes over the reference to it. Many streams may share one buffer. */
    public void write(ByteBuf chunk) {
        if (open) {
            channel.writeAndFlush(chunk, channel.voidPromise());
        } else {
            chunk.release();
        }
    }

    public void close() {
        channel.close();
    }
}

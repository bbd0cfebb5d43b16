// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.tacho.aggregator.http.message.Stream;
import io.tacho.aggregator.http.message.StreamingResponse;
import java.util.concurrent.Executor;

/** A {@link Stream} over a channel. */
final class ChannelStream implements Stream {

    private final Channel channel;
    private final StreamingResponse.Listener listener;
    private boolean open = true;

    ChannelStream(Channel channel, StreamingResponse.Listener listener) {
        this.channel = channel;
        this.listener = listener;
    }

    void opened() {
        listener.opened(this);
    }

    void writabilityChanged() {
        if (open && channel.isWritable()) {
            listener.writable(this);
        }
    }

    void closed() {
        if (open) {
            open = false;
            listener.closed(this);
        }
    }

    @Override
    public Executor eventLoop() {
        return channel.eventLoop();
    }

    @Override
    public boolean isWritable() {
        return open && channel.isWritable();
    }

    @Override
    public void write(ByteBuf chunk) {
        if (open) {
            channel.writeAndFlush(chunk, channel.voidPromise());
        } else {
            chunk.release();
        }
    }

    @Override
    public void close() {
        channel.close();
    }
}

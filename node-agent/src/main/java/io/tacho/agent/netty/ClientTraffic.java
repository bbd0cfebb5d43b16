// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.tacho.agent.record.StatsRecorder;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Records the client traffic of any Netty server, by one line in its pipeline. What it counts depends on where it stands:
 *
 * <ul>
 *   <li>first in the pipeline: the bytes on the wire, behind TLS as they are encrypted;
 *   <li>behind a WebSocket codec: the payload bytes of text, binary and continuation frames, which is what Centrifugo counts;
 *       pings, pongs and closes are not counted;
 *   <li>behind any other codec: the readable bytes of buffers and of what holds one. Other objects count as nothing.
 * </ul>
 *
 * <p>Bytes to clients are counted once they have been written. A handler that also counts messages counts each counted frame
 * or buffer as queued when it is written to the pipeline, and as sent once it is on its way.
 *
 * <p>One instance serves all channels of a server; a channel counts as a client from when the handler is in its pipeline and it
 * is open, until it is closed.
 *
 * <p>Thread safety: safe.
 */
@Sharable
public final class ClientTraffic extends ChannelDuplexHandler {

    private static final long NOT_COUNTED = -1;

    private final StatsRecorder recorder;
    private final boolean messages;
    private final Set<Channel> clients = ConcurrentHashMap.newKeySet();

    private ClientTraffic(StatsRecorder recorder, boolean messages) {
        this.recorder = recorder;
        this.messages = messages;
    }

    /** Records bytes, and counts clients. */
    public static ClientTraffic bytes(StatsRecorder recorder) {
        return new ClientTraffic(recorder, false);
    }

    /** Records bytes and messages queued and sent, and counts clients. */
    public static ClientTraffic bytesAndMessages(StatsRecorder recorder) {
        return new ClientTraffic(recorder, true);
    }

    /** Returns the number of connected clients. */
    public long numClients() {
        return clients.size();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        if (context.channel().isActive()) {
            clients.add(context.channel());
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        clients.add(context.channel());
        context.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        clients.remove(context.channel());
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        clients.remove(context.channel());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        long bytes = bytes(message);
        if (bytes > 0) {
            recorder.bytesIn(bytes);
        }
        context.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        long bytes = bytes(message);
        if (bytes == NOT_COUNTED) {
            context.write(message, promise);
            return;
        }
        if (messages) {
            recorder.messageQueued();
        }
        context.write(message, promise.unvoid()).addListener(written -> {
            if (written.isSuccess()) {
                recorder.bytesOut(bytes);
                if (messages) {
                    recorder.messageSent();
                }
            }
        });
    }

    private static long bytes(Object message) {
        if (message instanceof ByteBuf buffer) {
            return unlessEmpty(buffer.readableBytes());
        }
        if (message instanceof WebSocketFrame frame) {
            return isData(frame) ? frame.content().readableBytes() : NOT_COUNTED;
        }
        if (message instanceof ByteBufHolder holder) {
            return unlessEmpty(holder.content().readableBytes());
        }
        return message instanceof FileRegion region ? unlessEmpty(region.count()) : NOT_COUNTED;
    }

    /** An empty buffer is a flush, often one before a close, and no message. */
    private static long unlessEmpty(long bytes) {
        return bytes > 0 ? bytes : NOT_COUNTED;
    }

    private static boolean isData(WebSocketFrame frame) {
        return frame instanceof TextWebSocketFrame
                || frame instanceof BinaryWebSocketFrame
                || frame instanceof ContinuationWebSocketFrame;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.ReferenceCountUtil;
import io.tacho.aggregator.http.message.ResponseWriter;
import java.io.IOException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection of HTTP/2, whose streams are requests. A client that resets more than {@value #MAX_RESETS} streams within
 * {@value #RESET_SECONDS} s ("rapid reset", CVE-2023-44487), makes the server reset as many, or lets unread control frames
 * accumulate, is disconnected.
 *
 * <p>Thread safety: confined to its event loop.
 */
final class Http2Connection extends ChannelInboundHandlerAdapter implements Timed {

    private static final Logger logger = LoggerFactory.getLogger(Http2Connection.class);

    private static final int MAX_STREAMS = 100;
    private static final int MAX_RESETS = 200;
    private static final int RESET_SECONDS = 30;
    private static final int MAX_CONTROL_FRAMES = 1_000;
    private static final int MAX_EMPTY_FRAMES = 2;

    private final SocketChannel channel;
    private final Function<Channel, ChannelHandler> exchanges;
    private final TimeoutSweep sweep;
    private final ConnectionTimer timer;
    private int streams;

    /**
     * Creates a connection that has not started.
     *
     * @param exchanges creates the handler of a stream
     */
    Http2Connection(
            SocketChannel channel, Function<Channel, ChannelHandler> exchanges, Timeouts timeouts, TimeoutSweep sweep) {
        this.channel = channel;
        this.exchanges = exchanges;
        this.sweep = sweep;
        timer = new ConnectionTimer(timeouts);
    }

    /** Adds the handlers of the protocol to the pipeline, and starts to wait for the first request. */
    void start() {
        timer.waitFor(ConnectionTimer.Event.REQUEST);
        sweep.add(this);
        channel.pipeline()
                .addLast(
                        Http2FrameCodecBuilder.forServer()
                                .initialSettings(Http2Settings.defaultSettings()
                                        .maxConcurrentStreams(MAX_STREAMS)
                                        .maxHeaderListSize(ResponseWriter.MAX_REQUEST_HEADER_BYTES))
                                .decoderEnforceMaxRstFramesPerWindow(MAX_RESETS, RESET_SECONDS)
                                .encoderEnforceMaxRstFramesPerWindow(MAX_RESETS, RESET_SECONDS)
                                .encoderEnforceMaxQueuedControlFrames(MAX_CONTROL_FRAMES)
                                .decoderEnforceMaxConsecutiveEmptyDataFrames(MAX_EMPTY_FRAMES)
                                .gracefulShutdownTimeoutMillis(0)
                                .build(),
                        new Http2MultiplexHandler(new ChannelInitializer<Channel>() {
                            @Override
                            protected void initChannel(Channel stream) {
                                open(stream);
                            }
                        }),
                        this);
    }

    private void open(Channel stream) {
        streams++;
        timer.waitFor(ConnectionTimer.Event.NONE);
        stream.closeFuture().addListener(closed -> {
            if (--streams == 0) {
                timer.waitFor(ConnectionTimer.Event.REQUEST);
            }
        });
        stream.pipeline().addLast(exchanges.apply(stream));
    }

    @Override
    public boolean isLate(long nowNanos, boolean memoryPressure) {
        return timer.isOver(nowNanos, memoryPressure);
    }

    @Override
    public void expire() {
        channel.close();
    }

    /** Frames of the whole connection have been handled by the codec. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object frame) {
        ReferenceCountUtil.release(frame);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        sweep.remove(this);
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) {
            logger.debug("connection closed", cause);
        }
        if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) == null) {
            context.close();
        }
        // otherwise the codec sends the reason and closes the connection
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.demo;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.tacho.text.Urls;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * A client of the hub over a real WebSocket, which keeps count of all that it sends and gets.
 *
 * <p>Thread safety: safe.
 */
public final class DemoClient implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 5_000;
    private static final int MAX_FRAME_BYTES = 1024 * 1024;
    private static final int MAX_HANDSHAKE_BYTES = 8 * 1024;

    private final URI url;
    private final Consumer<String> listener;
    private final CompletableFuture<DemoClient> opened = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final LongAdder framesSent = new LongAdder();
    private final LongAdder bytesSent = new LongAdder();
    private final LongAdder framesReceived = new LongAdder();
    private final LongAdder bytesReceived = new LongAdder();
    private final Channel connection;

    private DemoClient(EventLoopGroup threads, URI url, Consumer<String> listener) {
        this.url = url;
        this.listener = listener;
        ChannelFuture connecting = new Bootstrap()
                .group(threads)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, TIMEOUT_MILLIS)
                .handler(new Pipeline())
                .connect(url.getHost(), url.getPort());
        connection = connecting.channel();
        connecting.addListener(connected -> {
            if (!connected.isSuccess()) {
                opened.completeExceptionally(connected.cause());
            }
            // only now: the channel of a failed connection is closed before its failure is reported
            connection.closeFuture().addListener(done -> {
                opened.completeExceptionally(
                        new IOException(Urls.masked(url) + ": closed before the handshake was done"));
                closed.complete(null);
            });
        });
    }

    /**
     * Connects to a hub, waiting for its response at most five seconds.
     *
     * @param listener receives every text frame, on the connection's thread
     * @return completed exceptionally if the hub is not there
     */
    public static CompletableFuture<DemoClient> connect(EventLoopGroup threads, URI url, Consumer<String> listener) {
        return new DemoClient(threads, url, listener).opened;
    }

    /**
     * Queues a text frame.
     *
     * @return false where it is not queued, as the connection is gone or the hub does not keep up
     */
    public boolean send(String text) {
        if (!connection.isWritable()) {
            return false;
        }
        int bytes = ByteBufUtil.utf8Bytes(text);
        connection.writeAndFlush(new TextWebSocketFrame(text)).addListener(written -> {
            if (written.isSuccess()) {
                framesSent.increment();
                bytesSent.add(bytes);
            }
        });
        return true;
    }

    /** Completes when the connection has ended, for whatever reason. */
    public CompletableFuture<Void> closed() {
        return closed.copy();
    }

    public long framesSent() {
        return framesSent.sum();
    }

    /** Payload bytes of the frames sent. */
    public long bytesSent() {
        return bytesSent.sum();
    }

    public long framesReceived() {
        return framesReceived.sum();
    }

    /** Payload bytes of the frames received. */
    public long bytesReceived() {
        return bytesReceived.sum();
    }

    /** Ends the connection; returns at once. */
    void disconnect() {
        connection.close();
    }

    /** Ends the connection, waiting for it a bounded time. Idempotent; not for the connection's own thread. */
    @Override
    public void close() {
        connection.close().awaitUninterruptibly(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    }

    private final class Pipeline extends ChannelInitializer<Channel> {

        @Override
        protected void initChannel(Channel channel) {
            WebSocketClientProtocolConfig webSocket = WebSocketClientProtocolConfig.newBuilder()
                    .webSocketUri(url)
                    .maxFramePayloadLength(MAX_FRAME_BYTES)
                    .handshakeTimeoutMillis(TIMEOUT_MILLIS)
                    .build();
            channel.pipeline()
                    .addLast(new HttpClientCodec())
                    .addLast(new HttpObjectAggregator(MAX_HANDSHAKE_BYTES))
                    .addLast(new WebSocketClientProtocolHandler(webSocket))
                    .addLast(new Receiver());
        }
    }

    private final class Receiver extends SimpleChannelInboundHandler<TextWebSocketFrame> {

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
                opened.complete(DemoClient.this);
            }
            context.fireUserEventTriggered(event);
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, TextWebSocketFrame frame) {
            framesReceived.increment();
            bytesReceived.add(frame.content().readableBytes());
            listener.accept(frame.text());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            opened.completeExceptionally(cause);
            context.close();
        }
    }
}

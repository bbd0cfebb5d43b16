// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.demo;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.tacho.agent.netty.ClientTraffic;
import io.tacho.agent.record.StatsRecorder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A small real message server, as a host of the agent: clients speak JSON over WebSocket at {@code /connection/websocket}
 * (connect, subscribe, unsubscribe, publish, presence), servers publish by {@code POST /api}. All that happens is recorded
 * by the rules of {@link StatsRecorder}.
 *
 * <p>Frames and requests are bounded to 64 KiB, a client's queue to 1 MiB: a client that does not keep up is disconnected.
 *
 * <p>Thread safety: safe.
 */
public final class DemoHub implements AutoCloseable {

    private static final int THREADS = 2;
    private static final WriteBufferWaterMark CLIENT_QUEUE = new WriteBufferWaterMark(512 * 1024, 1024 * 1024);
    private static final long CLOSE_TIMEOUT_SECONDS = 2;

    private final StatsRecorder recorder;
    private final String host;
    private final int port;
    private final HubRegistry registry;
    private final ClientTraffic traffic;
    // closes also what connects while it is being closed
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);

    private @Nullable EventLoopGroup threads;
    private @Nullable Channel listener;

    /**
     * Does not listen yet.
     *
     * @param port 0 takes a free one
     */
    public DemoHub(StatsRecorder recorder, String host, int port) {
        this.recorder = recorder;
        this.host = host;
        this.port = port;
        registry = new HubRegistry(recorder);
        traffic = ClientTraffic.bytesAndMessages(recorder);
    }

    /**
     * Listens from now on.
     *
     * @throws IOException naming the address on which the hub cannot listen
     */
    public synchronized void start() throws IOException {
        if (threads != null) {
            throw new IllegalStateException("hub: started already");
        }
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new IOException("listen: " + host + ": no such host (expected: an address of this machine)");
        }
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(
                THREADS, new DefaultThreadFactory("tacho-hub", true), NioIoHandler.newFactory());
        threads = group;
        ChannelFuture bound = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 1024)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, CLIENT_QUEUE)
                .childHandler(new Pipeline())
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            close();
            throw new IOException(
                    "listen: " + host + ":" + port + ": " + bound.cause().getMessage()
                            + " (expected: a free port, or 0 for any)",
                    bound.cause());
        }
        listener = bound.channel();
    }

    /** Returns the port on which the hub listens. */
    public synchronized int port() {
        if (listener == null) {
            throw new IllegalStateException("hub: not started");
        }
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** Returns the URI to which clients connect. */
    public URI url() {
        return URI.create(
                "ws://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port() + HubHttp.WEBSOCKET_PATH);
    }

    /** Returns the channels with at least one subscriber; a view that follows what happens. */
    public Set<String> channels() {
        return registry.channels();
    }

    /** Disconnects some clients, so that they connect again, perhaps to another hub; returns how many. */
    public int shed(int clients) {
        int shed = 0;
        for (Channel connection : connections) {
            if (shed == clients) {
                break;
            }
            if (connection.pipeline().get(HubSession.class).isConnected()) {
                connection.close();
                shed++;
            }
        }
        return shed;
    }

    /** Disconnects all clients, and waits at most a few seconds for that; then nothing is recorded any more. Idempotent. */
    @Override
    public synchronized void close() {
        if (threads == null || threads.isShuttingDown()) {
            return;
        }
        if (listener != null) {
            listener.close().awaitUninterruptibly(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        }
        connections.close().awaitUninterruptibly(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        threads.shutdownGracefully(0, CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    private final class Pipeline extends ChannelInitializer<Channel> {

        private final WebSocketServerProtocolConfig webSocket = WebSocketServerProtocolConfig.newBuilder()
                .websocketPath(HubHttp.WEBSOCKET_PATH)
                .checkStartsWith(true)
                .maxFramePayloadLength(HubProtocol.MAX_MESSAGE_BYTES)
                // a close frame would wait behind all that a slow client has not taken
                .sendCloseFrame(null)
                .build();

        @Override
        protected void initChannel(Channel connection) {
            connections.add(connection);
            connection
                    .pipeline()
                    .addLast(new HttpServerCodec())
                    .addLast(HubHttp.aggregator(recorder))
                    .addLast(new HubHttp(registry, recorder))
                    .addLast(new WebSocketServerProtocolHandler(webSocket))
                    .addLast(new WebSocketFrameAggregator(HubProtocol.MAX_MESSAGE_BYTES))
                    .addLast(traffic)
                    .addLast(new HubSession(connection, registry, recorder));
        }
    }
}

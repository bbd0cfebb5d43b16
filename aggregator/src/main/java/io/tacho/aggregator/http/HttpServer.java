// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.tacho.aggregator.api.ApiSecret;
import io.tacho.aggregator.api.ClusterResponse;
import io.tacho.aggregator.api.ReadyResponse;
import io.tacho.aggregator.api.StatsResponse;
import io.tacho.aggregator.api.V1Api;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP server: bounded in the number of connections, in the size of lines, headers and bodies, and in how long a
 * connection may be idle.
 *
 * <p>Thread safety: safe.
 */
public final class HttpServer implements AutoCloseable {

    static final int MAX_LINE_BYTES = 8 * 1024;
    static final int MAX_HEADER_BYTES = 16 * 1024;
    static final int MAX_BODY_BYTES = 64 * 1024;

    private static final int MAX_CHUNK_BYTES = 8 * 1024;
    private static final int IDLE_SECONDS = 75;

    private final InetSocketAddress address;
    private final HttpRouter router;
    private final ConnectionLimit connections;
    private final HttpDate date = new HttpDate(InstantSource.system());

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(0, new DefaultThreadFactory("tacho-http", true), NioIoHandler.newFactory());
    private @Nullable Channel channel;

    /**
     * A server that does not listen yet.
     *
     * @param secret what the readers of {@code /stats} have to show; null leaves it open
     */
    public HttpServer(
            InetSocketAddress address,
            int maxConnections,
            StatsResponse stats,
            V1Api v1,
            ReadyResponse ready,
            ClusterResponse cluster,
            @Nullable ApiSecret secret) {
        this.address = address;
        connections = new ConnectionLimit(maxConnections);
        router = new HttpRouter(stats, v1, ready, cluster, secret);
    }

    /**
     * Listens.
     *
     * @throws IOException if the address is taken or is not this machine's
     */
    public void start() throws IOException {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 1_024)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel child) {
                        child.pipeline()
                                .addLast(connections)
                                .addLast(new IdleStateHandler(0, 0, IDLE_SECONDS))
                                .addLast(new HttpServerCodec(MAX_LINE_BYTES, MAX_HEADER_BYTES, MAX_CHUNK_BYTES))
                                .addLast(new HttpObjectAggregator(MAX_BODY_BYTES, true))
                                // holds requests that are decoded already while answers are not taken
                                .addLast(new FlowControlHandler())
                                .addLast(new HttpHandler(router, date));
                    }
                });
        var bound = bootstrap.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException("listen: " + address.getHostString() + ":" + address.getPort() + ": "
                    + bound.cause().getMessage() + " (expected: a free port of this machine, or port 0 for any)");
        }
        channel = bound.channel();
    }

    /** The port in use. */
    public int port() {
        if (channel == null) {
            throw new IllegalStateException("not started");
        }
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    @Override
    public void close() {
        if (channel != null) {
            channel.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
        }
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}

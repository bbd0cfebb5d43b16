// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo.refresh;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.tacho.sketch.Encoded;
import io.tacho.sketch.HyperLogLog;
import io.tacho.text.AllowedHosts;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes a Centrifugo's refresh requests on to the application, on one thread, and notes the users. Their number is checked
 * with the one that Centrifugo reports: if it differs, there is no sketch.
 *
 * <p>Thread safety: safe.
 */
public final class RefreshProxy implements AutoCloseable {

    /** Further connections wait. Centrifugo keeps 255. */
    static final int MAX_CONNECTIONS = 512;

    private static final int BACKLOG = 4_096;

    static final int MAX_REQUEST = 64 * 1024;

    private static final int IDLE_SECONDS = 120;

    /** By how much the known users may differ from those reported: some came or went within the time of an expiry. */
    private static final double TOLERANCE = 0.1;

    private static final Logger logger = LoggerFactory.getLogger(RefreshProxy.class);

    private final RefreshSettings settings;
    private final InstantSource clock;
    private final ConnectedUsers users = new ConnectedUsers();
    private @Nullable Application application;
    private @Nullable EventLoopGroup loop;
    private @Nullable InetSocketAddress address;

    /** Creates a proxy that does not listen yet. */
    public RefreshProxy(RefreshSettings settings) {
        this(settings, InstantSource.system());
    }

    RefreshProxy(RefreshSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Starts listening.
     *
     * @throws IllegalArgumentException if it cannot listen there
     */
    public void start() {
        Application responder = new Application(settings);
        AllowedHosts hosts = AllowedHosts.of(settings.listen(), List.of());
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("tacho-refresh", true), NioIoHandler.newFactory());
        application = responder;
        loop = group;
        try {
            Channel channel = new ServerBootstrap()
                    .group(group)
                    .channel(NioServerSocketChannel.class)
                    .option(ChannelOption.SO_BACKLOG, BACKLOG)
                    // so that the limit is exact
                    .option(ChannelOption.RECVBUF_ALLOCATOR, new ServerChannelRecvByteBufAllocator())
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .handler(new AcceptLimit(MAX_CONNECTIONS))
                    .childHandler(new ChannelInitializer<SocketChannel>() {
                        @Override
                        protected void initChannel(SocketChannel connection) {
                            connection
                                    .pipeline()
                                    .addLast(
                                            new ReadTimeoutHandler(IDLE_SECONDS),
                                            new HttpServerCodec(),
                                            new HttpObjectAggregator(MAX_REQUEST),
                                            new RefreshConnection(hosts, responder, users, clock));
                        }
                    })
                    .bind(settings.listen())
                    .syncUninterruptibly()
                    .channel();
            address = (InetSocketAddress) channel.localAddress();
            logger.info("refresh requests to http://{}:{}/ are passed on", address.getHostString(), address.getPort());
        } catch (Exception e) {
            // Netty also throws undeclared checked exceptions
            close();
            throw new IllegalArgumentException(
                    "refresh-listen: cannot listen on " + settings.listen() + " (expected: a free address)", e);
        }
    }

    @Nullable
    InetSocketAddress address() {
        return address;
    }

    /**
     * Returns the connected users; null if they are not known well: before each connection was refreshed once, if connections do
     * not expire, or if many users left.
     *
     * @param reported their number as Centrifugo reports it
     */
    public @Nullable Encoded<HyperLogLog> users(OptionalDouble reported) {
        HyperLogLog sketch = users.sketch(clock.millis() / 1_000);
        if (sketch == null || reported.isEmpty()) {
            return null;
        }
        double difference = Math.abs(sketch.count().estimate() - reported.getAsDouble());
        return difference <= TOLERANCE * reported.getAsDouble() ? sketch.encoded() : null;
    }

    @Override
    public void close() {
        if (loop != null) {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
        }
        if (application != null) {
            application.close();
        }
    }
}

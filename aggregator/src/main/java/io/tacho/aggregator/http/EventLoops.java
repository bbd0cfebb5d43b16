// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** The threads that accept and serve connections: native epoll where there is one, NIO elsewhere. */
final class EventLoops implements AutoCloseable {

    /** More threads would compete with other work on the machine, including the connections to Redis. */
    private static final int MAX_THREADS = 8;

    /** Bytes that the kernel accepts before it sends them. With megabytes, large responses delay each other. */
    private static final long UNSENT_BYTES = 512 * 1024;

    private final boolean epoll = Epoll.isAvailable();
    private final EventLoopGroup group;

    EventLoops() {
        int threads = Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors());
        ThreadFactory factory = new DefaultThreadFactory("tacho-http", true);
        group = epoll
                ? new PlacingLoopGroup(threads, factory)
                : new MultiThreadIoEventLoopGroup(threads, factory, NioIoHandler.newFactory());
    }

    /** Configures a server to use these threads. */
    void serve(ServerBootstrap server) {
        server.group(group).channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class);
        if (epoll) {
            server.childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, UNSENT_BYTES);
        }
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}

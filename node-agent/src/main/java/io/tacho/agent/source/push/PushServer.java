// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.push;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpContentDecompressor;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for pushes, on one thread; the size and duration of requests are bounded. */
public final class PushServer implements AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(PushServer.class);

    /** A request with all of the 22 fields has about 700 bytes. */
    static final int MAX_BODY = 64 * 1024;

    /** Netty's defaults, in bytes. */
    static final int MAX_LINE = 4_096;

    static final int MAX_HEADERS = 8_192;
    private static final int MAX_CHUNK = 8_192;

    private static final int TIMEOUT_SECONDS = 10;

    private final EventLoopGroup loop;
    private final InetSocketAddress address;

    private PushServer(EventLoopGroup loop, InetSocketAddress address) {
        this.loop = loop;
        this.address = address;
    }

    /**
     * Starts listening.
     *
     * @param path to which clients push, for the log
     * @param maxBody the largest body, in bytes after decompression
     * @param maxConnections the largest number of connections, each of which may have a body in memory
     * @throws IllegalArgumentException if it cannot listen there
     */
    public static PushServer open(
            PushSettings settings, String path, int maxBody, int maxConnections, PushHandler requests) {
        AtomicInteger connections = new AtomicInteger();
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("tacho-push", true), NioIoHandler.newFactory());
        try {
            Channel channel = new ServerBootstrap()
                    .group(loop)
                    .channel(NioServerSocketChannel.class)
                    .childHandler(new ChannelInitializer<SocketChannel>() {
                        @Override
                        protected void initChannel(SocketChannel connection) {
                            connection
                                    .pipeline()
                                    .addLast(
                                            new ReadTimeoutHandler(TIMEOUT_SECONDS, TimeUnit.SECONDS),
                                            new ConnectionLimits(connections, maxConnections),
                                            new HttpServerCodec(MAX_LINE, MAX_HEADERS, MAX_CHUNK),
                                            // bounded by the aggregator
                                            new HttpContentDecompressor(0),
                                            new BoundedBodies(maxBody),
                                            requests);
                        }
                    })
                    .bind(settings.listen())
                    .syncUninterruptibly()
                    .channel();
            InetSocketAddress address = (InetSocketAddress) channel.localAddress();
            logger.info("numbers can be pushed to http://{}:{}{}", address.getHostString(), address.getPort(), path);
            return new PushServer(loop, address);
        } catch (Exception e) {
            // Netty also throws undeclared checked exceptions
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw new IllegalArgumentException(
                    "listen: cannot listen on " + settings + " (expected: a free address of this machine)", e);
        }
    }

    /** {@return the address on which it listens} */
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.statsd;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufHolder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.tacho.text.TextFiles;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives packets, over UDP and a Unix datagram socket, on one thread. A packet is taken before the next is read, so that a
 * flood fills the kernel's buffer and no memory of ours.
 */
final class StatsdListener implements AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(StatsdListener.class);

    private static final int MAX_PACKET = 64 * 1024;

    /** A datagram that fills it was cut. */
    private static final int READ = MAX_PACKET + 1;

    private static final int KERNEL_BUFFER = 1024 * 1024;

    private final List<EventLoopGroup> loops = new ArrayList<>();
    private final @Nullable Path socket;
    private @Nullable InetSocketAddress address;
    private boolean socketIsOurs;

    private StatsdListener(@Nullable Path socket) {
        this.socket = socket;
    }

    /** @throws IllegalArgumentException naming the invalid setting */
    static StatsdListener open(StatsdSettings settings, StatsdIntake intake) {
        StatsdListener listener = new StatsdListener(settings.socket());
        try {
            InetSocketAddress udp = settings.listen();
            if (udp != null) {
                Channel channel = listener.bind(
                        NioIoHandler.newFactory(),
                        new Bootstrap()
                                .channel(NioDatagramChannel.class)
                                .option(ChannelOption.SO_RCVBUF, KERNEL_BUFFER),
                        intake,
                        udp,
                        "listen: cannot receive UDP on " + udp + " (expected: a free address of this machine)");
                listener.address = (InetSocketAddress) channel.localAddress();
                logger.info("StatsD by UDP on {}", listener.address);
            }
            if (settings.socket() != null) {
                listener.openSocket(settings.socket(), settings.socketMode(), intake);
                logger.info("StatsD by datagrams on {}", settings.socket());
            }
        } catch (IllegalArgumentException e) {
            listener.close();
            throw e;
        }
        return listener;
    }

    private void openSocket(Path path, Set<PosixFilePermission> mode, StatsdIntake intake) {
        // the JDK has streams over Unix sockets, but no datagrams
        if (!Epoll.isAvailable()) {
            throw new IllegalArgumentException(
                    "socket: no Unix datagrams here (expected: Linux on x86-64 or ARM-64; elsewhere listen)");
        }
        removeStale(path);
        bind(
                EpollIoHandler.newFactory(),
                new Bootstrap().channel(EpollDomainDatagramChannel.class),
                intake,
                new DomainSocketAddress(path.toFile()),
                "socket: cannot create it at " + path
                        + " (expected: a path of at most 107 bytes in a directory that is " + "writable)");
        socketIsOurs = true;
        try {
            Files.setPosixFilePermissions(path, mode);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "socket-mode: cannot be set on " + path + ", " + TextFiles.cause(e)
                            + " (expected: a file system with permissions)",
                    e);
        }
    }

    /** A socket that is left from an earlier life; anything else stays, though Netty would remove that too. */
    private static void removeStale(Path path) {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            boolean socket = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isOther();
            if (!socket) {
                throw new IllegalArgumentException(
                        "socket: " + path + " is there and no socket (expected: a path that is free)");
            }
            Files.delete(path);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "socket: " + path + " is not replaceable, " + TextFiles.cause(e)
                            + " (expected: a path that is free)",
                    e);
        }
    }

    private Channel bind(
            IoHandlerFactory io, Bootstrap bootstrap, StatsdIntake intake, SocketAddress where, String rejection) {
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("tacho-statsd", true), io);
        loops.add(loop);
        try {
            return bootstrap
                    .group(loop)
                    .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ))
                    .handler(new Packets(intake))
                    .bind(where)
                    .syncUninterruptibly()
                    .channel();
        } catch (Exception e) {
            // Netty also throws undeclared checked exceptions
            throw new IllegalArgumentException(rejection, e);
        }
    }

    @Nullable
    InetSocketAddress address() {
        return address;
    }

    @Override
    public void close() {
        loops.forEach(loop -> loop.shutdownGracefully(0, 1, TimeUnit.SECONDS));
        loops.forEach(loop -> loop.terminationFuture().awaitUninterruptibly(2, TimeUnit.SECONDS));
        if (socketIsOurs && socket != null) {
            try {
                Files.deleteIfExists(socket);
            } catch (IOException e) {
                logger.debug("socket {} not removed", socket, e);
            }
        }
    }

    private static final class Packets extends SimpleChannelInboundHandler<ByteBufHolder> {

        private final StatsdIntake intake;

        Packets(StatsdIntake intake) {
            this.intake = intake;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBufHolder packet) {
            if (packet.content().readableBytes() < READ) {
                intake.packet(packet.content().toString(UTF_8));
            } else {
                intake.cutPacket(packet.content().toString(UTF_8));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            logger.debug("packet not taken", cause);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;

/**
 * Event loops of Linux, one of which {@link ConnectionPlacement} selects for each connection.
 *
 * <p>Thread safety: safe.
 */
final class PlacingLoopGroup extends MultiThreadIoEventLoopGroup {

    /** The CPU that received the last packet; over the loopback interface that is the CPU that the client runs on. */
    private static final IntegerUnixChannelOption INCOMING_CPU = new IntegerUnixChannelOption("SO_INCOMING_CPU", 1, 49);

    private final ConnectionPlacement placement;
    private final List<EventLoop> loops = new ArrayList<>();

    PlacingLoopGroup(int threads, ThreadFactory factory) {
        super(
                threads,
                factory,
                executor -> new KeptRegistrations(EpollIoHandler.newFactory().newHandler(executor)));
        placement = new ConnectionPlacement(threads);
        for (EventExecutor loop : this) {
            loops.add((EventLoop) loop);
        }
    }

    @Override
    public ChannelFuture register(Channel channel) {
        if (!(channel instanceof EpollSocketChannel connection)) {
            return super.register(channel);
        }
        int cpu = cpuOfClient(connection);
        int loop = placement.opened(cpu);
        channel.closeFuture().addListener(closed -> placement.closed(cpu, loop));
        return loops.get(loop).register(channel);
    }

    /** Returns the CPU that a client on this machine connected from, else {@link ConnectionPlacement#REMOTE}. */
    static int cpuOfClient(EpollSocketChannel connection) {
        InetSocketAddress client = connection.remoteAddress();
        InetSocketAddress server = connection.localAddress();
        if (client == null || server == null || !client.getAddress().equals(server.getAddress())) {
            return ConnectionPlacement.REMOTE;
        }
        try {
            Integer cpu = connection.config().getOption(INCOMING_CPU);
            return cpu == null || cpu < 0 ? ConnectionPlacement.REMOTE : cpu;
        } catch (ChannelException e) {
            // closed already, or a kernel without the option
            return ConnectionPlacement.REMOTE;
        }
    }
}

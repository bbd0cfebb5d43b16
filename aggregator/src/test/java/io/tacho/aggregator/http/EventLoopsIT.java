// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventLoopsIT {

    private static final int LOOPS = Math.min(8, Runtime.getRuntime().availableProcessors());
    private static final int SURPLUS = ConnectionPlacement.maxSurplus(LOOPS);

    private final EventLoops loops = new EventLoops();
    private final List<Socket> clients = new ArrayList<>();
    private final List<SocketChannel> accepted = new CopyOnWriteArrayList<>();
    private Channel server;

    @BeforeEach
    void listen() {
        ServerBootstrap bootstrap = new ServerBootstrap().childHandler(new ChannelInitializer<SocketChannel>() {
            @Override
            protected void initChannel(SocketChannel child) {
                accepted.add(child);
            }
        });
        loops.serve(bootstrap);
        server = bootstrap
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
    }

    @AfterEach
    void close() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
        loops.close();
    }

    @Test
    void localConnections_areOnAllLoops_withoutALargeSurplus() throws IOException {
        connect(LOOPS * 2 * SURPLUS);

        Map<EventLoop, Long> byLoop =
                accepted.stream().collect(Collectors.groupingBy(Channel::eventLoop, Collectors.counting()));

        assertThat(byLoop).hasSize(LOOPS);
        assertThat(byLoop.values())
                .allSatisfy(count -> assertThat(count).isBetween((long) SURPLUS, 2L * LOOPS * SURPLUS));
    }

    @Test
    void connectionsFromOneCpu_areOnOneLoop() throws IOException {
        assumeTrue(Epoll.isAvailable());
        connect(SURPLUS);

        Map<Integer, List<SocketChannel>> byCpu = accepted.stream()
                .collect(Collectors.groupingBy(channel -> PlacingLoopGroup.cpuOfClient((EpollSocketChannel) channel)));

        assertThat(byCpu).doesNotContainKey(ConnectionPlacement.REMOTE).isNotEmpty();
        assertThat(byCpu.values())
                .allSatisfy(channels -> assertThat(
                                channels.stream().map(Channel::eventLoop).collect(Collectors.toSet()))
                        .hasSize(1));
    }

    private void connect(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            clients.add(new Socket(
                    InetAddress.getLoopbackAddress(), ((InetSocketAddress) server.localAddress()).getPort()));
        }
        await().until(() -> accepted.size() == count);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.statsd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.tacho.agent.process.OtherProcess;
import io.tacho.agent.record.IntervalRecorder;
import io.tacho.agent.source.NodeState;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class StatsdListenerIT {

    @TempDir
    private Path directory;

    private final IntervalRecorder recorder = new IntervalRecorder();
    private StatsdSource source;
    private long published;

    private void open(InetSocketAddress listen, Path socket) {
        StatsdSettings settings =
                new StatsdSettings(listen, socket, null, Duration.ofMinutes(2), Duration.ofMinutes(5));
        source = new StatsdSource(settings, "uid-1", "app_1", recorder, OtherProcess.none(), false);
        source.start(() -> {});
    }

    @AfterEach
    void close() {
        if (source != null) {
            source.close();
        }
    }

    private long published() {
        source.endWindow();
        NodeState state = source.read(recorder.takeInterval());
        published += state == null ? 0 : state.counted().numMsgPublished();
        return published;
    }

    @Test
    void udp_packetsWithSeveralLines_areReceived() throws IOException {
        open(new InetSocketAddress("127.0.0.1", 0), null);
        byte[] packet = "tacho.num_msg_published:1|c\ntacho.num_msg_published:2|c\n".getBytes(UTF_8);
        try (DatagramSocket client = new DatagramSocket()) {
            for (int i = 0; i < 50; i++) {
                client.send(new DatagramPacket(packet, packet.length, source.address()));
            }
        }

        await().until(() -> published() == 150);
    }

    @Test
    void udp_addressInUse_isReported() throws IOException {
        try (DatagramSocket taken = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0))) {
            SocketAddress address = taken.getLocalSocketAddress();

            assertThatThrownBy(() -> open((InetSocketAddress) address, null))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("listen: cannot receive UDP on /127.0.0.1:");
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void socket_isReopenedAtSamePath() throws Exception {
        Path path = directory.resolve("statsd.sock");
        open(null, path);
        send(path);
        await().until(() -> published() == 3);
        source.close();
        assertThat(Files.exists(path)).as("socket file is deleted on close").isFalse();

        open(null, path);
        send(path);
        await().until(() -> published() == 6);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void socket_hasConfiguredPermissions() throws IOException {
        Path path = directory.resolve("statsd.sock");
        open(null, path);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rwxrwx---");
        source.close();

        source = new StatsdSource(
                new StatsdSettings(
                        null, path, StatsdSettings.mode("0622"), null, Duration.ofMinutes(2), Duration.ofMinutes(5)),
                "uid-1",
                "app_1",
                recorder,
                OtherProcess.none(),
                false);
        source.start(() -> {});
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw--w--w-");
    }

    @Test
    void socketMode_invalid_isRejected() {
        assertThatThrownBy(() -> StatsdSettings.mode("rwx"))
                .hasMessage("socket-mode: 'rwx' (expected: octal permissions, e.g. 0666)");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void socket_pathIsRegularFile_isRejected() throws IOException {
        Path path = Files.writeString(directory.resolve("precious"), "data");

        assertThatThrownBy(() -> open(null, path))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("socket: " + path + " is there and no socket (expected: a path that is free)");
        assertThat(path).hasContent("data");
    }

    private static void send(Path path) throws InterruptedException {
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try {
            Channel client = new Bootstrap()
                    .group(loop)
                    .channel(EpollDomainDatagramChannel.class)
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(new DomainSocketAddress(path.toFile()))
                    .sync()
                    .channel();
            client.writeAndFlush(Unpooled.copiedBuffer("tacho.num_msg_published:3|c", UTF_8))
                    .sync();
            client.close().sync();
        } finally {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }
}

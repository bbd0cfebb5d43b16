// SPDX-License-Identifier: Apache-2.0
package io.tacho.agentcheck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AgentCheckListenerIT {

    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final AgentCheckListener byName = AgentCheckListener.open(ANY, true, line -> switch (line) {
        case "unknown" -> null;
        case "faulty" -> throw new IllegalStateException("faulty");
        default -> "ready up 50% #" + line;
    });

    @AfterEach
    void close() {
        byName.close();
    }

    private static Socket connect(AgentCheckListener listener) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static String readAll(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        try {
            return new String(in.readAllBytes(), UTF_8);
        } catch (SocketException e) {
            return "reset";
        }
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String check(String sent) throws IOException {
        try (Socket socket = connect(byName)) {
            socket.getOutputStream().write(sent.getBytes(UTF_8));
            return readAll(socket);
        }
    }

    @Test
    void line_returnsResponse() throws Exception {
        assertThat(check("chat_1\n")).isEqualTo("ready up 50% #chat_1\n");
        assertThat(check("chat_1\r\n")).isEqualTo("ready up 50% #chat_1\n");
        assertThat(check("chät 1\n")).isEqualTo("ready up 50% #chät 1\n");
    }

    @Test
    void lineInSeveralPackets_returnsResponse() throws Exception {
        try (Socket socket = connect(byName)) {
            socket.getOutputStream().write("cha".getBytes(UTF_8));
            socket.getOutputStream().flush();
            socket.getOutputStream().write("t_1\n".getBytes(UTF_8));

            assertThat(readAll(socket)).isEqualTo("ready up 50% #chat_1\n");
        }
    }

    @Test
    void lineWithoutLineFeed_returnsResponse_whenClientShutsDownOutput() throws Exception {
        try (Socket socket = connect(byName)) {
            socket.getOutputStream().write("chat_1".getBytes(UTF_8));
            socket.shutdownOutput();

            assertThat(readAll(socket)).isEqualTo("ready up 50% #chat_1\n");
        }
    }

    @Test
    void unknownName_closesConnection() throws Exception {
        assertThat(check("unknown\n")).isIn("", "reset");
    }

    @Test
    void exceptionOfHandler_closesConnection_nextCheckSucceeds() throws Exception {
        assertThat(check("faulty\n")).isIn("", "reset");
        assertThat(check("chat_1\n")).isEqualTo("ready up 50% #chat_1\n");
    }

    @Test
    void lineTooLong_closesConnection() throws Exception {
        assertThat(check("x".repeat(AgentCheckListener.MAX_LINE))).isIn("", "reset");
    }

    @Test
    void silentClient_timesOut_otherClientsAreServed() throws Exception {
        try (Socket silent = connect(byName)) {
            long startedNanos = System.nanoTime();
            assertThat(check("chat_1\n")).isEqualTo("ready up 50% #chat_1\n");

            assertThat(silent.getInputStream().read()).isEqualTo(-1);
            assertThat(Duration.ofNanos(System.nanoTime() - startedNanos))
                    .isBetween(AgentCheckListener.TIMEOUT.minusMillis(500), Duration.ofSeconds(9));
        }
    }

    @Test
    void connectionsAboveLimit_areClosed() throws Exception {
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < AgentCheckListener.MAX_CONNECTIONS; i++) {
                silent.add(connect(byName));
            }
            try (Socket more = connect(byName)) {
                assertThat(readAll(more)).isIn("", "reset");
            }
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void linesNotExpected_responseIsSentOnConnect() throws Exception {
        try (AgentCheckListener one = AgentCheckListener.open(ANY, false, line -> "drain");
                Socket silent = connect(one);
                Socket talking = connect(one)) {
            talking.getOutputStream().write("anything\n".getBytes(UTF_8));

            assertThat(readAll(silent)).isEqualTo("drain\n");
            assertThat(readAll(talking)).isEqualTo("drain\n");
        }
    }

    @Test
    void clientsThatReset_delayNoOtherCheck() throws Exception {
        CountDownLatch responding = new CountDownLatch(1);
        CountDownLatch haveReset = new CountDownLatch(1);
        AgentCheckListener.Responder afterResets = line -> {
            responding.countDown();
            return await(haveReset) ? "up" : "not reset";
        };
        // without a sweep nothing that was stopped continues
        try (AgentCheckListener one = AgentCheckListener.open(ANY, false, afterResets, Duration.ofHours(1));
                Socket first = connect(one)) {
            assertThat(await(responding)).isTrue();
            for (int i = 0; i < 20; i++) {
                Socket reset = connect(one);
                reset.setSoLinger(true, 0);
                reset.close();
            }
            haveReset.countDown();

            assertThat(readAll(first)).isEqualTo("up\n");
            try (Socket next = connect(one)) {
                assertThat(readAll(next)).isEqualTo("up\n");
            }
        }
    }

    @Test
    void exceptionOfHandler_onConnect_closesConnection_nextCheckSucceeds() throws Exception {
        AtomicInteger checks = new AtomicInteger();
        AgentCheckListener.Responder faultyOnce = line -> {
            if (checks.incrementAndGet() == 1) {
                throw new IllegalStateException("faulty");
            }
            return "up";
        };
        try (AgentCheckListener one = AgentCheckListener.open(ANY, false, faultyOnce, Duration.ofHours(1));
                Socket faulty = connect(one)) {
            assertThat(readAll(faulty)).isIn("", "reset");
            try (Socket next = connect(one)) {
                assertThat(readAll(next)).isEqualTo("up\n");
            }
        }
    }

    @Test
    void addressInUse_isReported() {
        assertThatThrownBy(() -> AgentCheckListener.open(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), byName.port()), true, line -> line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("agent-check-listen: cannot listen on (localhost|127.0.0.1):" + byName.port()
                        + " \\(expected: a free address of this machine\\)");
    }

    @Test
    void close_isIdempotent_rejectsConnections() throws Exception {
        byName.close();
        byName.close();

        assertThatThrownBy(() -> connect(byName).close()).isInstanceOf(IOException.class);
    }
}

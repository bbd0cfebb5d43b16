// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tacho.testing.Snapshots;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the server with hostile and broken clients over real sockets. */
class HardeningIT {

    static final Timeouts SHORT = new Timeouts(
            Duration.ofSeconds(3),
            Duration.ofMillis(800),
            Duration.ofMillis(800),
            Duration.ofSeconds(5),
            Duration.ofSeconds(2),
            Duration.ofMillis(500));

    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer(1, HttpSettings.of(TestServer.ANY_PORT, 10_000, null), SHORT);
    }

    @AfterEach
    void stop() throws IOException {
        assertThat(server.get("/-/healthy")).as("the server still responds").startsWith("HTTP/1.1 200");
        server.close();
    }

    @Test
    void tooManyHeaders_areRejected() throws IOException {
        assertThat(server.exchange("GET /stats HTTP/1.1\r\nHost: t\r\n" + "X: y\r\n".repeat(200) + "\r\n"))
                .startsWith("HTTP/1.1 431");
        assertThat(server.exchange("GET /stats HTTP/1.1\r\nHost: t\r\n\r\n")).startsWith("HTTP/1.1 200");
    }

    @Test
    void endlessRequestLine_isRejected() throws IOException {
        assertThat(server.exchange("G".repeat(30_000))).startsWith("HTTP/1.1 414");
    }

    /** A client that sends single bytes slowly is disconnected: the timeout starts with the first byte. */
    @ParameterizedTest
    @CsvSource({
        "'GET /stats HTTP/1.1\r\nHost: t\r\nX: ', headers came too slowly",
        "'GET /stats HTTP/1.1\r\nHost: t\r\n', headers came too slowly",
        "'POST /api/ HTTP/1.1\r\nHost: t\r\nContent-Length: 60000\r\n\r\n', body came too slowly"
    })
    void slowRequest_timesOut(String start, String message) throws IOException {
        try (Socket socket = server.connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(start.getBytes(ISO_8859_1));
            Thread trickle = new Thread(() -> {
                try {
                    while (true) {
                        out.write('x');
                        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
                    }
                } catch (IOException e) {
                    // the server has closed the connection
                }
            });
            trickle.setDaemon(true);
            trickle.start();

            assertThat(readAll(socket))
                    .startsWith("HTTP/1.1 408 Request Timeout")
                    .contains(message);
        }
    }

    @Test
    void idleConnection_isClosed() throws IOException {
        try (Socket socket = server.connect()) {
            assertThat(readAll(socket)).isEmpty();
        }
    }

    private static String readAll(Socket socket) throws IOException {
        StringBuilder all = new StringBuilder();
        try {
            byte[] part = new byte[4_096];
            int read = socket.getInputStream().read(part);
            while (read >= 0) {
                all.append(new String(part, 0, read, ISO_8859_1));
                read = socket.getInputStream().read(part);
            }
        } catch (SocketException e) {
            // a reset is also a close
        }
        return all.toString();
    }

    /** A connection whose client does not read its response is closed, and its memory is released. */
    @ParameterizedTest
    @CsvSource({"1000, 50", "10000, 1"})
    void responseNotRead_connectionIsClosed(int nodes, int responses) throws IOException {
        for (int i = 0; i < nodes; i++) {
            server.view.onLoaded(Snapshots.stored("n" + i, 1));
        }
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 5; i++) {
                Socket socket = server.connect();
                socket.getOutputStream()
                        .write("GET /stats HTTP/1.1\r\nHost: t\r\n\r\n"
                                .repeat(responses)
                                .getBytes(ISO_8859_1));
                slow.add(socket);
            }
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> slow.stream().allMatch(HardeningIT::isClosedByTheServer));
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    /** Returns whether a write fails, which happens some time after the server has closed the connection. */
    private static boolean isClosedByTheServer(Socket socket) {
        try {
            socket.getOutputStream().write('\r');
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void pipelinedRequests_areRespondedToInOrder() throws IOException {
        int count = 2_000;
        String requests = "GET /stats HTTP/1.1\r\nHost: t\r\n\r\nGET /nope HTTP/1.1\r\nHost: t\r\n\r\n".repeat(count)
                + "GET /-/healthy HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n";

        String[] responses = server.exchange(requests).split("HTTP/1.1 ", -1);

        assertThat(responses).hasSize(2 * count + 2);
        for (int i = 0; i < count; i++) {
            assertThat(responses[2 * i + 1]).startsWith("200");
            assertThat(responses[2 * i + 2]).startsWith("404");
        }
    }

    /** 1,500 connections stay below the limit of open files, since this process has both ends. The limit of the server is 10,000. */
    @Test
    void manyIdleConnections_serverStillResponds() throws IOException {
        try (TestServer defaultTimeouts =
                new TestServer(1, HttpSettings.of(TestServer.ANY_PORT, 10_000, null), Timeouts.DEFAULT)) {
            List<Socket> open = new ArrayList<>();
            try {
                for (int i = 0; i < 1_500; i++) {
                    open.add(defaultTimeouts.connect());
                }
                assertThat(defaultTimeouts.get("/stats")).startsWith("HTTP/1.1 200");
                Socket last = open.get(open.size() - 1);
                last.getOutputStream().write("GET /stats HTTP/1.1\r\nHost: t\r\n\r\n".getBytes(ISO_8859_1));
                assertThat(last.getInputStream().read()).isEqualTo('H');
            } finally {
                for (Socket socket : open) {
                    socket.close();
                }
            }
        }
    }
}

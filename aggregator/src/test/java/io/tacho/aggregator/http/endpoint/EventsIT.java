// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.endpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tacho.aggregator.api.ApiSecret;
import io.tacho.aggregator.events.EventFeed;
import io.tacho.aggregator.http.TestServer;
import io.tacho.testing.CapturedLog;
import io.tacho.testing.Snapshots;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventsIT {

    private static final int READERS = 300;

    private TestServer server;

    @AfterEach
    void stop() {
        server.close();
    }

    private static final class Reader implements AutoCloseable {

        private final Socket socket;
        private final BufferedReader lines;

        Reader(TestServer server, String path, String... headers) throws IOException {
            this(server.connect(), path, headers);
        }

        Reader(Socket connected, String path, String... headers) throws IOException {
            socket = connected;
            String request = "GET " + path + " HTTP/1.1\r\nHost: t\r\n" + String.join("", headers) + "\r\n";
            socket.getOutputStream().write(request.getBytes(UTF_8));
            lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
        }

        /** Reads lines up to and including the one with this prefix. */
        List<String> until(String beginning) throws IOException {
            List<String> read = new ArrayList<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                read.add(line);
                if (line.startsWith(beginning)) {
                    return read;
                }
            }
            throw new IOException("ended after " + read);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void events_stream_canBeResumed() throws IOException {
        server = new TestServer(1, null, 10);
        String last;
        try (Reader reader = new Reader(server, "/events")) {
            assertThat(reader.until("retry:"))
                    .startsWith("HTTP/1.1 200 OK")
                    .contains(
                            "Content-Type: text/event-stream",
                            "Cache-Control: no-store",
                            "X-Accel-Buffering: no",
                            "Connection: close");
            assertThat(reader.until("event: synced")).contains("event: reset", "event: snapshot");
            server.view.onLoaded(Snapshots.stored("new", 1));
            List<String> joined = reader.until("data: {\"uid\":\"new\"");
            assertThat(joined).contains("event: joined");
            last = joined.stream()
                    .filter(line -> line.startsWith("id: "))
                    .reduce("", (a, b) -> b)
                    .substring(4);
        }
        server.view.onLeave(Snapshots.leave("new", 2));

        try (Reader again = new Reader(server, "/events", "Last-Event-ID: " + last + "\r\n")) {
            assertThat(again.until("event: synced")).contains("event: left").doesNotContain("event: reset");
        }
        try (Reader again = new Reader(server, "/events?last_event_id=" + last)) {
            assertThat(again.until("event: synced")).contains("event: left").doesNotContain("event: reset");
        }
    }

    @Test
    void events_withApiSecret_requireAKey() throws IOException {
        server = new TestServer(1, new ApiSecret("k"), 10);

        try (Reader reader = new Reader(server, "/events")) {
            assertThat(reader.until("HTTP")).containsExactly("HTTP/1.1 401 Unauthorized");
        }
        try (Reader reader = new Reader(server, "/events", "X-API-Key: k\r\n")) {
            assertThat(reader.until("event: synced")).contains("event: snapshot");
        }
    }

    @Test
    void close_serverBeforeFeed_logsNoError() throws Exception {
        server = new TestServer(1, null, 10);
        CountDownLatch closed = new CountDownLatch(1);
        try (CapturedLog log = CapturedLog.of(EventFeed.class);
                Reader reader = new Reader(server, "/events")) {
            reader.until("event: synced");
            server.executor.submit(() -> closed.await(30, TimeUnit.SECONDS));

            server.feed.close();
            server.stopServing();
            closed.countDown();

            server.executor.submit(() -> {}).get(30, TimeUnit.SECONDS);
            assertThat(log.lines()).isEmpty();
        }
    }

    @Test
    void events_manyReaders_receiveTheSame() throws Exception {
        server = new TestServer(20, null, READERS + 10);
        List<Reader> readers = new ArrayList<>();
        try {
            for (int i = 0; i < READERS; i++) {
                readers.add(new Reader(server, "/events"));
            }
            for (Reader reader : readers) {
                reader.until("event: synced");
            }
            for (long seq = 2; seq < 50; seq++) {
                for (int node = 0; node < 20; node++) {
                    server.view.onBeat(Snapshots.beat("u" + node, seq));
                }
            }
            server.view.onLeave(Snapshots.leave("u0", 50));
            for (Reader reader : readers) {
                List<String> read = reader.until("event: left");
                assertThat(read.stream()
                                .filter(line -> line.contains("\"uid\":\"u19\"") && line.contains("\"seq\":49")))
                        .hasSize(1);
            }
            assertThat(server.feed.metrics().readers()).isEqualTo(READERS);
        } finally {
            for (Reader reader : readers) {
                reader.close();
            }
        }
        await().until(() -> server.feed.metrics().readers() == 0);
    }

    /** A reader that keeps up receives every beat. */
    @Test
    void events_slowReader_receivesConflatedUpdatesAndTheLastState() throws Exception {
        int nodes = 2_000;
        int rounds = 10;
        String lastNode = "data: {\"uid\":\"u" + (nodes - 1) + "\"";
        server = new TestServer(nodes, null, 10);
        try (Reader fastReader = new Reader(server, "/events");
                Reader slowReader = new Reader(server.connect(16_384), "/events")) {
            fastReader.until("event: synced");
            slowReader.until("event: synced");
            // far more than the socket buffers hold
            for (long seq = 2; seq < 2 + rounds; seq++) {
                for (int node = 0; node < nodes; node++) {
                    server.view.onBeat(Snapshots.beat("u" + node, seq));
                }
                assertThat(beats(fastReader.until(lastNode), seq)).isEqualTo(nodes);
            }

            long last = 1 + rounds;
            List<String> read = new ArrayList<>();
            while (beats(read, last) < nodes) {
                read.addAll(slowReader.until(lastNode));
            }
            assertThat(read.stream()
                            .filter(line -> line.startsWith("event: snapshot"))
                            .count())
                    .isLessThan(rounds * nodes / 2);
        }
    }

    private static long beats(List<String> lines, long seq) {
        return lines.stream()
                .filter(line -> line.contains("\"seq\":" + seq + ","))
                .count();
    }
}

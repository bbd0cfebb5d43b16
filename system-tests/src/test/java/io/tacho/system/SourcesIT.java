// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.Field;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.Quality;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.process.ChildProcess;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.testing.FreePorts;
import io.tacho.testing.NamespaceFollower;
import io.tacho.testing.RedisExtension;
import io.tacho.testing.TachoProgram;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program with each of its sources. */
class SourcesIT {

    private static final Duration STARTED = Duration.ofSeconds(20);

    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private static List<SnapshotEnvelope> printed(ChildProcess program) throws Exception {
        SnapshotCodec codec = new SnapshotCodec();
        String out = program.out();
        // the last line may be incomplete
        return out.substring(0, out.lastIndexOf('\n') + 1)
                .lines()
                .map(line -> {
                    try {
                        return (SnapshotEnvelope) codec.decode(line.getBytes(UTF_8), leftOut -> {});
                    } catch (Exception e) {
                        throw new AssertionError(line, e);
                    }
                })
                .toList();
    }

    private static Optional<SnapshotEnvelope> lastPrinted(ChildProcess program) throws Exception {
        List<SnapshotEnvelope> printed = printed(program);
        return printed.isEmpty() ? Optional.empty() : Optional.of(printed.get(printed.size() - 1));
    }

    private static HttpServer metrics(AtomicReference<String> text) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/metrics", exchange -> {
            byte[] body = text.get().getBytes(UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static String centrifugo(long startedAt, long sent) {
        return """
                centrifugo_node_num_clients 7
                centrifugo_node_build{version="6.9.1 OSS"} 1
                centrifugo_transport_messages_sent{transport="websocket"} %d
                process_start_time_seconds %d
                """.formatted(sent, startedAt);
    }

    @Test
    void centrifugo_isPublishedAsANode() throws Exception {
        RedisSettings settings = REDIS.settings();
        AtomicReference<String> text = new AtomicReference<>(centrifugo(100, 50));
        HttpServer server = metrics(text);
        int port = server.getAddress().getPort();
        try (NamespaceFollower follower = new NamespaceFollower(settings);
                ChildProcess agent = TachoProgram.start(
                        "agent",
                        "--redis=" + settings.uri(),
                        "--namespace=" + settings.namespace(),
                        "--source=centrifugo",
                        "--url=http://127.0.0.1:" + port + "/metrics",
                        "--metrics-interval=1s",
                        "--publish-interval=200ms")) {
            await().atMost(STARTED).until(() -> !follower.beats().isEmpty());
            SnapshotEnvelope first = follower.beats().get(0);
            assertThat(first.snapshot().name()).endsWith("_" + port);
            assertThat(first.snapshot().number(Field.NUM_CLIENTS)).isEqualTo(7);
            assertThat(first.status().version()).isEqualTo("6.9.1 OSS");
            assertThat(first.status().quality().byWireName()).containsEntry("num_msg_sent", Quality.UNAVAILABLE);

            text.set(centrifugo(100, 58));
            await().until(() -> follower.beats().stream()
                    .anyMatch(beat -> beat.snapshot().number(Field.NUM_MSG_SENT) == 8
                            && beat.status().quality().of(Field.NUM_MSG_SENT) == Quality.CLOSE));

            text.set(centrifugo(200, 3));
            await().until(() ->
                    follower.beats().stream().anyMatch(beat -> !beat.uid().equals(first.uid())));
            assertThat(follower.envelopes())
                    .as("the previous process has ended")
                    .anyMatch(published -> published instanceof LeaveEnvelope
                            && published.uid().equals(first.uid()));

            server.stop(0);
            await().until(() -> follower.beats().stream()
                    .anyMatch(beat -> beat.status().quality().of(Field.NUM_CLIENTS) == Quality.STALE));
            await().atMost(STARTED).until(() -> follower.nodes().isEmpty());
            assertThat(follower.envelopes().get(follower.envelopes().size() - 1))
                    .as("a node that stops responding is lost: it does not leave")
                    .isInstanceOf(SnapshotEnvelope.class);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void dryRun_self_printsBeats_andPublishesNothing() throws Exception {
        try (ChildProcess program =
                TachoProgram.start("agent", "--dry-run", "--name=me", "--redis=redis://127.0.0.1:1")) {
            await().atMost(STARTED).until(() -> lastPrinted(program).isPresent());

            program.terminate();
            assertThat(program.awaitExit()).isEqualTo(128 + 15);
            assertThat(printed(program))
                    .extracting(beat -> beat.snapshot().name())
                    .containsOnly("me");
            assertThat(program.log())
                    .contains("publishes to standard output")
                    .doesNotContain("not published", "Connection refused");
        }
    }

    @Test
    void statsd_withPid_reportsTheProcess() throws Exception {
        int port = FreePorts.any();
        try (ChildProcess program = TachoProgram.start(
                        "agent",
                        "--dry-run",
                        "--source=statsd",
                        "--listen=127.0.0.1:" + port,
                        "--pid=" + ProcessHandle.current().pid(),
                        "--publish-interval=200ms",
                        "--metrics-interval=1s");
                DatagramSocket client = new DatagramSocket()) {
            byte[] packet = "tacho.num_clients:5|g\ntacho.num_msg_sent:3|c\n".getBytes(UTF_8);
            InetSocketAddress agent = new InetSocketAddress("127.0.0.1", port);
            await().atMost(STARTED).ignoreExceptions().until(() -> {
                client.send(new DatagramPacket(packet, packet.length, agent));
                NodeSnapshot published = lastPrinted(program).orElseThrow().snapshot();
                return published.number(Field.NUM_CLIENTS) == 5 && published.number(Field.NUM_MSG_SENT) > 0;
            });

            SnapshotEnvelope last = lastPrinted(program).orElseThrow();
            assertThat(last.snapshot().number(Field.NUM_GOROUTINE))
                    .as("threads of this test")
                    .isGreaterThan(5);
            assertThat(last.snapshot().number(Field.MEMORY_SYS)).isGreaterThan(10_000_000);
            assertThat(last.snapshot().number(Field.STARTED_AT))
                    .isCloseTo(
                            ProcessHandle.current()
                                    .info()
                                    .startInstant()
                                    .orElseThrow()
                                    .getEpochSecond(),
                            org.assertj.core.data.Offset.offset(2L));
            assertThat(last.status().quality().byWireName())
                    .doesNotContainKeys("num_goroutine", "memory_sys", "cpu_usage", "started_at")
                    .containsEntry("gomaxprocs", Quality.UNAVAILABLE);
        }
    }

    @Test
    void push_isPublished_andCanDrain() throws Exception {
        int port = FreePorts.any();
        HttpClient http = HttpClient.newHttpClient();
        try (ChildProcess program = TachoProgram.start(
                "agent",
                "--dry-run",
                "--source=push",
                "--listen=127.0.0.1:" + port,
                "--publish-interval=200ms",
                "--metrics-interval=1s")) {
            URI node = URI.create("http://127.0.0.1:" + port + "/node?counters=interval");
            HttpRequest put = HttpRequest.newBuilder(node)
                    .PUT(BodyPublishers.ofString("{\"num_clients\":5,\"num_msg_sent\":3}"))
                    .build();
            await().atMost(STARTED)
                    .ignoreExceptions()
                    .until(() -> http.send(put, BodyHandlers.discarding()).statusCode() == 204);
            await().until(() -> lastPrinted(program)
                    .filter(beat -> beat.snapshot().number(Field.NUM_MSG_SENT) == 3)
                    .isPresent());

            URI drain = URI.create("http://127.0.0.1:" + port + "/drain");
            http.send(
                    HttpRequest.newBuilder(drain).POST(BodyPublishers.noBody()).build(), BodyHandlers.discarding());

            await().until(() -> lastPrinted(program).orElseThrow().status().draining());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--source=carbon         | source: 'carbon' (expected: one of centrifugo, otlp, prometheus, push, self, statsd)",
                "--source=centrifugo     | url: missing (expected: that of a Centrifugo's metrics",
                "--source=centrifugo --url=h:8000 | url: 'h:8000' (expected: http[s]://host[:port]/metrics)",
                "--source=centrifugo --url=http://h/m --source-timeout=6s | source-timeout: 6s (expected: at most the",
                "--source=prometheus --url=http://h/m | mapping: missing (expected: a file, or one of micrometer, nats, opentelemetry, socketio, soketi)",
                "--source=prometheus --url=http://h/m --mapping=nowhere | mapping: cannot read nowhere, no such file (expected",
                "--source=statsd         | source: statsd without listen and socket (expected: one of them, or both)",
                "--source=push           | listen: missing (expected: where to take pushes",
                "--source=push --listen=0.0.0.0:0 | listen: 0.0.0.0 without a key (expected: a loopback address",
                "--pid=1                 | pid: given with source self (expected: with another source)",
            })
    void source_invalidOptions_areRejected(String arguments, String message) throws Exception {
        String[] all = ("agent --dry-run " + arguments).split(" ");
        try (ChildProcess program = TachoProgram.start(all)) {
            assertThat(program.awaitExit()).isEqualTo(2);
            assertThat(program.log()).startsWith("tacho agent: ").contains(message);
            assertThat(program.out()).isEmpty();
        }
    }
}

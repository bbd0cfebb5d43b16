// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.tacho.agent.process.OtherProcess;
import io.tacho.agent.process.ProcessProbe;
import io.tacho.agent.publish.PublishSettings;
import io.tacho.agent.record.HostGauges;
import io.tacho.agent.record.IntervalRecorder;
import io.tacho.agent.source.NodeSource;
import io.tacho.agent.source.centrifugo.CentrifugoSource;
import io.tacho.agent.source.push.PushSettings;
import io.tacho.agent.source.push.PushSource;
import io.tacho.agent.source.scrape.ScrapeSettings;
import io.tacho.agent.source.statsd.StatsdSettings;
import io.tacho.agent.source.statsd.StatsdSource;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.ClusterWindow;
import io.tacho.model.NodeTotals;
import io.tacho.redis.RedisTransport;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.store.HistoryMark;
import io.tacho.store.WindowHistory;
import io.tacho.testing.FreePorts;
import io.tacho.testing.RedisExtension;
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
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Values of sources are in the history exactly once, in any window. */
class SourcesHistoryIT {

    private static final Duration SOON = Duration.ofSeconds(30);

    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private final RedisSettings redis = REDIS.settings();
    private final RedisTransport transport = new RedisTransport(redis, new SnapshotCodec());
    private final WindowHistory history = transport.history();
    private final PublishSettings settings =
            PublishSettings.of("node_1", Duration.ofSeconds(1), Duration.ofMillis(200), null, null);
    private final IntervalRecorder recorder = new IntervalRecorder();
    private final OtherProcess process = new OtherProcess(ProcessProbe.NONE, InstantSource.system(), System::nanoTime);

    private NodeAgent agent;

    private void start(NodeSource source) {
        agent = new NodeAgent(
                settings, recorder, HostGauges.NONE, source, Destination.redis(redis), false, draining -> {});
        agent.start();
    }

    @AfterEach
    void stop() {
        agent.close();
        history.close();
        transport.close();
    }

    private long historyTotal(ToLongFunction<NodeTotals> field) throws Exception {
        List<ClusterWindow> windows = history.changedSince(HistoryMark.START, 1_000)
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .windows();
        return windows.stream().map(ClusterWindow::sums).mapToLong(field).sum();
    }

    private void awaitHistoryTotal(ToLongFunction<NodeTotals> field, long count) {
        await().atMost(SOON).untilAsserted(() -> assertThat(historyTotal(field)).isEqualTo(count));
    }

    @Test
    void statsdCounts_areInHistoryOnce() throws Exception {
        int port = FreePorts.any();
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        start(new StatsdSource(
                new StatsdSettings(address, null, null, SOON, SOON), settings.uid(), null, recorder, process, false));

        byte[] packet = "tacho.num_api_requests:4|c\ntacho.num_msg_sent:3|c\ntacho.time_api:2|ms".getBytes(UTF_8);
        try (DatagramSocket client = new DatagramSocket()) {
            for (int i = 1; i <= 12; i++) {
                client.send(new DatagramPacket(packet, packet.length, address));
                long apiTime = 2_000_000L * i;
                await().pollDelay(Duration.ofMillis(150))
                        .until(() -> agent.totals().timeApiSum() == apiTime);
            }
        }
        agent.close();

        assertThat(historyTotal(NodeTotals::numMsgSent)).isEqualTo(36);
        assertThat(historyTotal(NodeTotals::timeApiSum)).isEqualTo(24_000_000);
        assertThat(historyTotal(NodeTotals::numApiRequests))
                .as("requests with and without a duration")
                .isEqualTo(12 + 48);
    }

    @Test
    void pushedIntervalsAndTotals_areInHistoryOnce() throws Exception {
        int port = FreePorts.any();
        start(new PushSource(
                new PushSettings(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                        null,
                        List.of(),
                        SOON,
                        Duration.ofMinutes(2)),
                settings.uid(),
                null,
                process,
                false));

        for (int i = 0; i < 12; i++) {
            put(port, "interval", "{\"num_msg_sent\":3,\"num_api_requests\":2,\"time_api_mean\":250}");
            put(port, "totals", "{\"num_client_requests\":" + 7 * i + ",\"time_client_sum\":" + 1_001 * i + "}");
            await().pollDelay(Duration.ofMillis(150)).until(() -> true);
        }
        awaitHistoryTotal(NodeTotals::numMsgSent, 36);
        agent.close();

        assertThat(historyTotal(NodeTotals::numMsgSent)).isEqualTo(36);
        assertThat(historyTotal(NodeTotals::timeApiSum)).isEqualTo(12 * 500);
        assertThat(historyTotal(NodeTotals::numClientRequests)).isEqualTo(77);
        assertThat(historyTotal(NodeTotals::timeClientSum)).isEqualTo(11_011);
    }

    private static void put(int port, String counters, String body) throws Exception {
        URI node = URI.create("http://127.0.0.1:" + port + "/node?counters=" + counters);
        int status = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(node)
                                .PUT(BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
        assertThat(status).isEqualTo(204);
    }

    @Test
    void centrifugoCounts_areInHistoryOnce_afterNodeRestart() throws Exception {
        AtomicReference<String> text = new AtomicReference<>(metrics(100, 50, 1.5));
        AtomicInteger scrapes = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/metrics", exchange -> {
            byte[] body = text.get().getBytes(UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
            scrapes.incrementAndGet();
        });
        server.start();
        try {
            URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/metrics");
            start(CentrifugoSource.of(
                    new ScrapeSettings(url, null, null, null, null, Duration.ofMillis(200), SOON),
                    null,
                    process,
                    null,
                    null));
            await().until(() -> scrapes.get() > 2);

            text.set(metrics(100, 58, 1.75));
            awaitHistoryTotal(NodeTotals::numMsgSent, 8);
            text.set(metrics(100, 61, 1.75));
            awaitHistoryTotal(NodeTotals::numMsgSent, 11);
            text.set(metrics(200, 3, 0.25));
            int before = scrapes.get();
            await().until(() -> scrapes.get() > before + 2);
            text.set(metrics(200, 10, 1.25));

            awaitHistoryTotal(NodeTotals::numMsgSent, 11 + 7);
            awaitHistoryTotal(NodeTotals::timeApiSum, 250_000_000L + 1_000_000_000L);
        } finally {
            server.stop(0);
        }
    }

    private static String metrics(long startedAt, long sent, double apiSeconds) {
        return """
                centrifugo_node_num_clients 7
                centrifugo_transport_messages_sent{transport="websocket"} %d
                centrifugo_api_command_duration_seconds_count{method="publish"} %d
                centrifugo_api_command_duration_seconds_sum{method="publish"} %s
                process_start_time_seconds %d
                """.formatted(sent, sent, apiSeconds, startedAt);
    }
}

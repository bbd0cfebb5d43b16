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
import io.tacho.model.Envelope.Conflict;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.NodeTotals;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.redis.RedisTransport;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.store.BeatResult;
import io.tacho.store.HistoryMark;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.TransportException;
import io.tacho.store.UploadResult;
import io.tacho.store.WindowHistory;
import io.tacho.store.WindowUpload;
import io.tacho.testing.FreePorts;
import io.tacho.testing.NamespaceFollower;
import io.tacho.testing.RedisExtension;
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
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Several agents of one node, concurrently and in sequence: the history counts every event once. */
class TwoWritersIT {

    private static final Duration SOON = Duration.ofSeconds(30);

    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private final RedisSettings redis = REDIS.settings();
    private final RedisTransport transport = new RedisTransport(redis, new SnapshotCodec());
    private final WindowHistory history = transport.history();

    @AutoClose
    private final NamespaceFollower follower = new NamespaceFollower(redis);

    private final PublishSettings settings =
            PublishSettings.of("node_1", Duration.ofSeconds(1), Duration.ofMillis(200), null, null);
    private final List<NodeAgent> agents = new ArrayList<>();
    private final AtomicLong sent = new AtomicLong(100);
    private HttpServer centrifugo;
    private int pushPort;

    @BeforeEach
    void startCentrifugo() throws IOException {
        centrifugo = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        centrifugo.createContext("/metrics", exchange -> {
            byte[] body = """
                    centrifugo_node_num_clients 7
                    centrifugo_transport_messages_sent{transport="websocket"} %d
                    process_start_time_seconds 1795367843.25
                    """.formatted(sent.get()).getBytes(UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        centrifugo.start();
    }

    @AfterEach
    void stop() {
        agents.forEach(NodeAgent::close);
        centrifugo.stop(0);
        history.close();
        transport.close();
    }

    private NodeAgent start(NodeSource source, IntervalRecorder recorder, Destination destination) {
        NodeAgent agent =
                new NodeAgent(settings, recorder, HostGauges.NONE, source, destination, false, draining -> {});
        agents.add(agent);
        agent.start();
        return agent;
    }

    private NodeAgent sidecar(Destination destination) {
        URI url = URI.create("http://127.0.0.1:" + centrifugo.getAddress().getPort() + "/metrics");
        ScrapeSettings scraped = new ScrapeSettings(url, null, null, null, null, Duration.ofMillis(200), SOON);
        return start(CentrifugoSource.of(scraped, null, noProcess(), null, null), new IntervalRecorder(), destination);
    }

    private NodeAgent sidecar() {
        return sidecar(Destination.redis(redis));
    }

    private static OtherProcess noProcess() {
        return new OtherProcess(ProcessProbe.NONE, InstantSource.system(), System::nanoTime);
    }

    /** A publisher that can be disconnected, to simulate a killed agent. */
    private final class DisconnectablePublisher implements SnapshotPublisher {

        private final SnapshotPublisher publisher = transport.publisher();
        private volatile boolean cut;

        Destination destination() {
            return new Destination("Redis", this, () -> {});
        }

        void cut() {
            cut = true;
        }

        private <T> CompletionStage<T> unlessCut(Supplier<CompletionStage<T>> call) {
            return cut ? CompletableFuture.failedFuture(new TransportException("cut", null)) : call.get();
        }

        @Override
        public CompletionStage<BeatResult> publish(SnapshotEnvelope envelope) {
            return unlessCut(() -> publisher.publish(envelope));
        }

        @Override
        public CompletionStage<Void> leave(LeaveEnvelope envelope) {
            return unlessCut(() -> publisher.leave(envelope));
        }

        @Override
        public CompletionStage<UploadResult> upload(WindowUpload batch) {
            return unlessCut(() -> publisher.upload(batch));
        }

        @Override
        public void close() {
            publisher.close();
        }
    }

    /** Counts messages in several windows. */
    private void count(int messages) {
        for (int i = 0; i < 10; i++) {
            sent.addAndGet(messages / 10);
            await().pollDelay(Duration.ofMillis(150)).until(() -> true);
        }
        sent.addAndGet(messages % 10);
    }

    private void awaitWriters(int count) {
        await().atMost(SOON).until(() -> writers() >= count);
    }

    private long writers() {
        return follower.beats().stream()
                .map(beat -> beat.status().writer())
                .distinct()
                .count();
    }

    private long conflicts() {
        return follower.envelopes().stream().filter(Conflict.class::isInstance).count();
    }

    private List<ClusterWindow> windows() throws Exception {
        return history.changedSince(HistoryMark.START, 1_000)
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .windows();
    }

    private long uploaded() throws Exception {
        return windows().stream()
                .map(ClusterWindow::sums)
                .mapToLong(NodeTotals::numMsgSent)
                .sum();
    }

    private void awaitUploaded(long messages) {
        await().atMost(SOON).untilAsserted(() -> assertThat(uploaded()).isEqualTo(messages));
    }

    @Test
    void twoSidecars_eventsAreCountedOnce() {
        sidecar();
        awaitWriters(1);
        sidecar();
        await().atMost(SOON).until(() -> conflicts() > 0);

        count(582);

        awaitUploaded(582);
        assertThat(writers()).isEqualTo(1);
        agents.forEach(NodeAgent::close);
        awaitUploaded(582);
    }

    @Test
    void sidecarReplacedWhileRunning_countsAreExact() {
        NodeAgent first = sidecar();
        awaitWriters(1);
        count(100);
        sidecar();
        await().atMost(SOON).until(() -> conflicts() > 0);
        count(100);
        first.close();
        count(100);
        awaitWriters(2);
        count(100);

        awaitUploaded(400);
    }

    @Test
    void sidecarRestarted_countsOfDowntimeAreInHistory() {
        NodeAgent first = sidecar();
        awaitWriters(1);
        count(200);
        awaitUploaded(200);
        first.close();
        count(36);
        sidecar();
        awaitWriters(2);
        count(233);

        awaitUploaded(469);
    }

    @Test
    void sidecarKilled_isReplacedAfterTwoIntervals() {
        DisconnectablePublisher disconnectable = new DisconnectablePublisher();
        sidecar(disconnectable.destination());
        awaitWriters(1);
        count(100);
        disconnectable.cut();
        long disconnectedAt = System.nanoTime();
        sidecar();
        awaitWriters(2);
        assertThat(Duration.ofNanos(System.nanoTime() - disconnectedAt))
                .as("takeover time; the TTL is 600 ms")
                .isLessThan(Duration.ofSeconds(5));
        count(100);

        awaitUploaded(200);
    }

    @Test
    void twoStatsdAgents_onlyUidHolderIsCounted() throws Exception {
        int firstPort = FreePorts.any();
        int secondPort = FreePorts.any();
        NodeAgent first = statsd(firstPort);
        send(firstPort, 5, first);
        awaitUploaded(5);
        NodeAgent second = statsd(secondPort);
        send(secondPort, 7, second);
        await().atMost(SOON).until(() -> conflicts() > 3);
        send(firstPort, 10, first);
        awaitUploaded(15);

        first.close();
        awaitWriters(2);
        long before = uploaded();
        send(secondPort, 9, second);

        assertThat(before).isEqualTo(15);
        awaitUploaded(24);
    }

    private NodeAgent statsd(int port) {
        IntervalRecorder recorder = new IntervalRecorder();
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        StatsdSettings statsd = new StatsdSettings(address, null, null, SOON, SOON);
        return start(
                new StatsdSource(statsd, settings.uid(), null, recorder, noProcess(), false),
                recorder,
                Destination.redis(redis));
    }

    private static void send(int port, int messages, NodeAgent agent) throws IOException {
        long received = agent.totals().timeApiSum() + 2_000_000L * messages;
        byte[] packet = "tacho.num_msg_sent:1|c\ntacho.time_api:2|ms".getBytes(UTF_8);
        try (DatagramSocket client = new DatagramSocket()) {
            for (int i = 0; i < messages; i++) {
                client.send(new DatagramPacket(packet, packet.length, InetAddress.getLoopbackAddress(), port));
            }
        }
        await().atMost(SOON).until(() -> agent.totals().timeApiSum() == received);
    }

    @Test
    void pushAgentRestarted_totalsOfDowntimeAreInHistory() throws Exception {
        NodeAgent first = push();
        put(100);
        awaitWriters(1);
        put(150);
        awaitUploaded(50);
        first.close();
        push();
        put(180);
        awaitWriters(2);
        put(200);

        awaitUploaded(100);
    }

    private NodeAgent push() throws IOException {
        pushPort = FreePorts.any();
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), pushPort);
        PushSettings pushed = new PushSettings(address, null, List.of(), SOON, Duration.ofMinutes(2));
        return start(
                new PushSource(pushed, settings.uid(), null, noProcess(), false),
                new IntervalRecorder(),
                Destination.redis(redis));
    }

    private void put(long total) throws Exception {
        URI node = URI.create("http://127.0.0.1:" + pushPort + "/node?counters=totals");
        String body = "{\"num_msg_sent\":" + total + ",\"started_at\":1795367843}";
        int status = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(node)
                                .PUT(BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
        assertThat(status).isEqualTo(204);
    }
}

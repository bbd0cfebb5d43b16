// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.outlier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.aggregator.api.ClusterResponse;
import io.tacho.aggregator.api.NodesResponse;
import io.tacho.aggregator.api.QueryParameters;
import io.tacho.aggregator.cluster.Identity;
import io.tacho.aggregator.cluster.TotalsCache;
import io.tacho.aggregator.collect.Collector;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.Field;
import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeStatus;
import io.tacho.model.Quality;
import io.tacho.model.QualityFlags;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.StoredSnapshot;
import io.tacho.testing.InMemoryTransport;
import io.tacho.testing.ManualScheduler;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the path from beats in the view to outliers in responses. */
class OutlierServiceTest {

    private static final Instant START = Instant.parse("2026-11-28T12:00:00Z");
    private static final long INTERVAL_SECONDS = 10;
    private static final int PEERS = 6;

    private final ManualScheduler time = new ManualScheduler(START);
    private final InMemoryTransport transport = new InMemoryTransport(time);
    private final ClusterView view = new ClusterView(new SnapshotCodec(), time, 100);
    private final Collector collector = new Collector(transport.source(), view, time, Duration.ofHours(1), time);
    private final OutlierService service = new OutlierService(view, time, time);
    private long seq;
    private long intervalOfOdd = INTERVAL_SECONDS;

    @BeforeEach
    void start() {
        collector.start();
        time.runPending();
        service.start();
    }

    @Test
    void slowNode_isInTheResponsesFromItsThirdWindow() throws IOException {
        runWindows(2, beat -> beat.set(Field.TIME_API_MEAN, 8_000_000), PLAIN);

        assertThat(service.get().outliers()).isEmpty();
        assertThat(node("odd").has("outlier")).isFalse();

        runWindows(1, beat -> beat.set(Field.TIME_API_MEAN, 8_000_000), PLAIN);

        JsonNode outlier = node("odd").at("/outlier/0");
        assertThat(outlier.path("indicator").asText()).isEqualTo("api_latency");
        assertThat(outlier.path("field").asText()).isEqualTo("time_api_mean");
        assertThat(outlier.path("per_client").asBoolean()).isFalse();
        assertThat(outlier.path("value").asLong()).isEqualTo(8_000_000);
        assertThat(outlier.path("median").asLong()).isEqualTo(2_000_000);
        assertThat(outlier.path("factor").asDouble()).isCloseTo(4, within(0.001));
        assertThat(outlier.path("peers").asInt()).isEqualTo(PEERS + 1);
        assertThat(outlier.path("method").asText()).isEqualTo("median_deviation");
        assertThat(outlier.path("since_ms").asLong())
                .isBetween(START.toEpochMilli(), START.toEpochMilli() + 1_000 * INTERVAL_SECONDS);
        assertThat(node("peer-0").has("outlier")).isFalse();
        assertThat(cluster().at("/outliers/nodes").asInt()).isEqualTo(1);
        assertThat(cluster().at("/outliers/deviations/0/uid").asText()).isEqualTo("odd");
        assertThat(cluster().at("/outliers/deviations/0/name").asText()).isEqualTo("name-odd");
    }

    @Test
    void changes_areListedNewestFirst_equalOnALaterAggregator() throws IOException {
        runWindows(1, beat -> {}, PLAIN);
        time.advance(Duration.ofMillis(3_700));
        OutlierService later = new OutlierService(view, time, time);
        later.start();
        time.advance(Duration.ofMillis(6_300));
        assertThat(service.get().isConclusive()).isFalse();
        runWindows(4, beat -> beat.set(Field.TIME_API_MEAN, 8_000_000), PLAIN);
        assertThat(service.get().outliers()).hasSize(1).isEqualTo(later.get().outliers());
        runWindows(3, beat -> {}, PLAIN);

        assertThat(service.get().isConclusive()).isTrue();
        assertThat(service.get().changes())
                .hasSize(2)
                .isEqualTo(later.get().changes())
                .allSatisfy(change -> assertThat(change.outlier().uid()).isEqualTo("odd"))
                .extracting(OutlierReport.Change::hasStarted)
                .containsExactly(false, true);
        JsonNode listed = cluster().at("/outliers/changes");
        assertThat(listed.findValuesAsText("change")).containsExactly("ended", "started");
        assertThat(listed.at("/0/time").asLong() - listed.at("/1/time").asLong())
                .isEqualTo(4_000 * INTERVAL_SECONDS);
    }

    @Test
    void halfOfTheMessagesPerClient_isALowOutlier() {
        runWindows(3, beat -> beat.set(Field.NUM_MSG_SENT, 2_500), PLAIN);

        assertThat(service.get().of("odd")).singleElement().satisfies(outlier -> {
            assertThat(outlier.indicator()).isEqualTo(Indicator.MESSAGES_PER_CLIENT);
            assertThat(outlier.value()).isCloseTo(150, within(0.001));
            assertThat(outlier.median()).isCloseTo(300, within(0.001));
            assertThat(outlier.toText()).isEqualTo("num_msg_sent per client 0.5 × the median of 7 nodes");
        });
    }

    @Test
    void shorterWindow_isNotAnOutlier() {
        intervalOfOdd = INTERVAL_SECONDS / 5;
        runWindows(5, beat -> beat.set(Field.NUM_MSG_SENT, 1_000), PLAIN);

        assertThat(service.get().outliers()).isEmpty();
    }

    @Test
    void unavailableField_isNotJudged() {
        NodeStatus status = status(false, QualityFlags.of(Map.of(Field.TIME_API_MEAN, Quality.UNAVAILABLE)), Map.of());
        runWindows(5, beat -> beat.set(Field.TIME_API_MEAN, 8_000_000), status);

        assertThat(service.get().outliers()).isEmpty();
    }

    @Test
    void drainingNode_isNotJudged() {
        runWindows(5, beat -> beat.set(Field.NUM_MSG_SENT, 0), status(true, QualityFlags.NONE, Map.of()));

        assertThat(service.get().outliers()).isEmpty();
    }

    @Test
    void nodeOfAnotherKind_isNotComparedWithTheOthers() {
        NodeStatus status = status(false, QualityFlags.NONE, Map.of("kind", "batch"));
        runWindows(5, beat -> beat.set(Field.TIME_API_MEAN, 8_000_000), status);

        assertThat(service.get().outliers()).isEmpty();
    }

    @Test
    void newProcess_isNotJudgedInItsFirstWindows() {
        long now = START.getEpochSecond();
        runWindows(3, beat -> beat.set(Field.TIME_API_MEAN, 8_000_000).set(Field.STARTED_AT, now), PLAIN);

        assertThat(service.get().outliers()).isEmpty();
    }

    @Test
    void departedNode_isRemoved() {
        runWindows(3, beat -> beat.set(Field.TIME_API_MEAN, 8_000_000), PLAIN);
        view.evict(view.find("odd").orElseThrow());
        time.advance(Duration.ofSeconds(INTERVAL_SECONDS));

        assertThat(service.get().outliers()).isEmpty();
    }

    private static final NodeStatus PLAIN = status(false, QualityFlags.NONE, Map.of());

    private static NodeStatus status(boolean draining, QualityFlags quality, Map<String, String> labels) {
        return new NodeStatus("host", 1_000, draining, null, labels, quality);
    }

    /** Changes the numbers of the odd node. */
    private interface Change {
        void apply(NodeSnapshot.Builder snapshot);
    }

    private void runWindows(int windows, Change change, NodeStatus oddStatus) {
        for (int i = 0; i < windows; i++) {
            for (int peer = 0; peer < PEERS; peer++) {
                beat("peer-" + peer, INTERVAL_SECONDS, snapshot -> {}, PLAIN);
            }
            beat("odd", intervalOfOdd, change, oddStatus);
            time.advance(Duration.ofSeconds(INTERVAL_SECONDS));
        }
    }

    private void beat(String uid, long intervalSeconds, Change change, NodeStatus status) {
        NodeSnapshot.Builder snapshot = NodeSnapshot.builder(uid, "name-" + uid)
                .set(Field.STARTED_AT, START.getEpochSecond() - 3_600)
                .set(Field.NUM_CLIENTS, 100)
                .set(Field.NUM_MSG_SENT, 5_000)
                .set(Field.NUM_API_REQUESTS, 1_000)
                .set(Field.TIME_API_MEAN, 2_000_000);
        change.apply(snapshot);
        long end = time.instant().toEpochMilli();
        view.onLoaded(new StoredSnapshot(
                SnapshotEnvelope.builder(snapshot.build())
                        .seq(++seq)
                        .ttlMillis(60_000)
                        .metricsIntervalSeconds(intervalSeconds)
                        .window(new MetricsWindow(end - 1_000 * intervalSeconds, end))
                        .status(status)
                        .build(),
                60_000));
    }

    private JsonNode node(String uid) throws IOException {
        byte[] body = new NodesResponse(view, Map::of, service, any -> 0, time).one(uid);
        JsonNode list = new ObjectMapper()
                .readTree(new NodesResponse(view, Map::of, service, any -> 0, time)
                        .list(QueryParameters.parse("node=" + uid)));
        assertThat(list.at("/nodes/0/outlier"))
                .isEqualTo(new ObjectMapper().readTree(body).path("outlier"));
        return new ObjectMapper().readTree(body);
    }

    private JsonNode cluster() throws IOException {
        ClusterResponse response = new ClusterResponse(
                view,
                new TotalsCache(view, time),
                service,
                () -> new Identity("tacho", "tacho", "web-1:7022", "0.1.0", "127.0.0.1:6379", Map.of()),
                Runnable::run,
                time);
        return new ObjectMapper().readTree(response.body().toCompletableFuture().join());
    }
}

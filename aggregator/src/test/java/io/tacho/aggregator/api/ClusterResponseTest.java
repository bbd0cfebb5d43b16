// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.aggregator.cluster.Identity;
import io.tacho.aggregator.cluster.TotalsCache;
import io.tacho.aggregator.collect.Collector;
import io.tacho.aggregator.outlier.OutlierReport;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.Envelope.Conflict;
import io.tacho.model.Envelope.Writer;
import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeStatus;
import io.tacho.model.Quality;
import io.tacho.model.QualityFlags;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.model.WindowDetail;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.HistogramBuckets;
import io.tacho.sketch.HyperLogLog;
import io.tacho.store.StoredSnapshot;
import io.tacho.testing.InMemoryTransport;
import io.tacho.testing.ManualScheduler;
import io.tacho.testing.Snapshots;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClusterResponseTest {

    private static final NodeStatus PLAIN = NodeStatus.UNKNOWN;

    private final ManualScheduler ticker = new ManualScheduler();
    private final ClusterView view = new ClusterView(new SnapshotCodec(), ticker, 100);
    private final Collector collector =
            new Collector(new InMemoryTransport(ticker).source(), view, ticker, Duration.ofHours(1), ticker);
    private Identity identity = new Identity("prod", "chat", "web-1:7022", "0.1.0", "redis.example:6379", Map.of());
    private final ClusterResponse response = new ClusterResponse(
            view, new TotalsCache(view, ticker), () -> OutlierReport.NONE, () -> identity, Runnable::run, ticker);

    private JsonNode cluster() throws IOException {
        return new ObjectMapper().readTree(response.body().toCompletableFuture().join());
    }

    @Test
    void identity_hasClusterAggregatorRedisAndPartitionStates() throws IOException {
        assertThat(cluster().at("/identity/redis/partitions/0/state").asText()).isEqualTo("disconnected");
        identity = new Identity(
                "prod",
                "chat",
                "web-1:7022",
                "0.1.0",
                "redis.example:6379",
                Map.of("credentials", "WRONGPASS invalid"));
        view.subscription().onSubscribed(0);
        ticker.advance(Duration.ofSeconds(3));

        assertThat(cluster().path("identity")).isEqualTo(new ObjectMapper().readTree("""
                                {"cluster":"prod","namespace":"chat","aggregator":"web-1:7022","version":"0.1.0",
                                 "redis":{"address":"redis.example:6379",
                                  "partitions":[{"state":"loading","stale_ms":3000}],
                                  "problems":{"credentials":"WRONGPASS invalid"}}}"""));

        view.subscription().onLoaded(0, view.subscription().subscriptionId(0));
        assertThat(cluster().at("/identity/redis/partitions").toString())
                .isEqualTo("[{\"state\":\"connected\",\"stale_ms\":0}]");
    }

    private void add(String uid, NodeStatus status, NodeSnapshot metrics, WindowDetail detail) {
        NodeSnapshot.Builder snapshot = NodeSnapshot.builder(uid, "n-" + uid);
        Field.NUMBERS.forEach(field -> snapshot.set(field, metrics.number(field)));
        snapshot.set(Field.NUM_GOROUTINE, 7)
                .set(Field.NUM_CLIENTS, 10)
                .set(Field.NUM_UNIQUE_CLIENTS, 8)
                .set(Field.NUM_CHANNELS, 5)
                .set(Field.STARTED_AT, 1_000 + uid.length())
                .set(Field.GOMAXPROCS, 2)
                .set(Field.NUM_CPU, 4);
        SnapshotEnvelope beat = SnapshotEnvelope.builder(snapshot.build())
                .seq(1)
                .ttlMillis(15_000)
                .metricsIntervalSeconds(60)
                .status(status)
                .detail(detail)
                .build();
        view.onLoaded(new StoredSnapshot(beat, 15_000));
    }

    private static NodeSnapshot metrics(long requests, long mean, long max) {
        return Snapshots.ofTimes(requests, mean, max, requests, mean, max);
    }

    private static List<String> warnings(JsonNode cluster) {
        return cluster.findValuesAsText("code");
    }

    @Test
    void merged_emptyCluster() throws IOException {
        JsonNode cluster = cluster();

        assertThat(cluster.at("/merged/num_clients").asLong()).isZero();
        assertThat(cluster.at("/merged/time_api_mean").asLong()).isZero();
        assertThat(cluster.at("/merged/started_at")).isEmpty();
        assertThat(cluster.at("/quantiles")).isEmpty();
        assertThat(cluster.at("/warnings")).isEmpty();
    }

    @Test
    void merged_usesTheMergeRuleOfEachField() throws IOException {
        add("a", PLAIN, metrics(10, 100, 900), WindowDetail.NONE);
        add("bb", PLAIN, metrics(30, 500, 700), WindowDetail.NONE);

        JsonNode merged = cluster().path("merged");

        assertThat(merged.toString())
                .isEqualTo("{\"num_goroutine\":14,\"num_clients\":20,\"num_unique_clients\":{\"max\":8,\"sum\":16},"
                        + "\"num_channels\":{\"max\":5,\"sum\":10},\"started_at\":{\"min\":1001,\"max\":1002},"
                        + "\"gomaxprocs\":4,\"num_cpu\":8,\"num_msg_published\":2,\"num_msg_queued\":4,"
                        + "\"num_msg_sent\":6,\"num_api_requests\":40,\"num_client_requests\":40,"
                        + "\"bytes_client_in\":8,\"bytes_client_out\":10,\"time_api_mean\":400,"
                        + "\"time_client_mean\":400,\"time_api_max\":900,\"time_client_max\":900,"
                        + "\"memory_sys\":200,\"cpu_usage\":100}");
    }

    @Test
    void numbers_haveEveryField_andTheUpperBounds() throws IOException {
        add("a", PLAIN, metrics(10, 100, 900), WindowDetail.NONE);
        add("bb", PLAIN, metrics(30, 500, 700), api(3, 1_000));

        JsonNode cluster = cluster();

        assertThat(cluster.path("numbers").toString())
                .isEqualTo("{\"num_goroutine\":14,\"num_clients\":20,\"num_unique_clients\":16,\"num_channels\":10,"
                        + "\"gomaxprocs\":4,\"num_cpu\":8,\"num_msg_published\":2,\"num_msg_queued\":4,"
                        + "\"num_msg_sent\":6,\"num_api_requests\":40,\"num_client_requests\":40,"
                        + "\"bytes_client_in\":8,\"bytes_client_out\":10,\"time_api_mean\":400,"
                        + "\"time_client_mean\":400,\"time_api_max\":900,\"time_client_max\":900,"
                        + "\"memory_sys\":200,\"cpu_usage\":100,\"time_api_p50\":1000,\"time_api_p90\":1000,"
                        + "\"time_api_p99\":1000,\"time_api_p999\":1000}");
        assertThat(cluster.path("upper_bounds").toString()).isEqualTo("[\"num_unique_clients\",\"num_channels\"]");
    }

    @Test
    void merged_cpusOfAHost_countOnce() throws IOException {
        NodeStatus here = new NodeStatus("here", 0, false);
        add("a", here, metrics(1, 1, 1), WindowDetail.NONE);
        add("b", here, metrics(1, 1, 1), WindowDetail.NONE);
        add("c", PLAIN, metrics(1, 1, 1), WindowDetail.NONE);

        assertThat(cluster().at("/merged/num_cpu").asLong()).isEqualTo(8);
    }

    @Test
    void merged_largestValues_doNotExceedTheLargestExactJsonInteger() throws IOException {
        long huge = NodeSnapshot.MAX_VALUE;
        NodeSnapshot.Builder snapshot = NodeSnapshot.builder("u", "n");
        Field.NUMBERS.forEach(field -> snapshot.set(field, huge));
        NodeSnapshot metrics = snapshot.build();
        add("a", PLAIN, metrics, WindowDetail.NONE);
        add("b", PLAIN, metrics, WindowDetail.NONE);

        assertThat(cluster().at("/merged/num_msg_sent").asLong()).isEqualTo(huge);
        assertThat(cluster().at("/merged/time_api_mean").asLong()).isEqualTo(huge);
    }

    @Test
    void merged_unavailableField_isExcludedFromTheMean() throws IOException {
        NodeStatus silent = new NodeStatus(
                null, 0, false, null, Map.of(), QualityFlags.of(Map.of(Field.TIME_API_MEAN, Quality.UNAVAILABLE)));
        add("a", silent, metrics(1_000, 0, 0), WindowDetail.NONE);
        add("b", PLAIN, metrics(10, 100, 0), WindowDetail.NONE);

        JsonNode cluster = cluster();

        assertThat(cluster.at("/merged/time_api_mean").asLong()).isEqualTo(100);
        assertThat(cluster.path("quality").toString()).isEqualTo("{\"time_api_mean\":{\"unavailable\":1}}");
    }

    @Test
    void union_userOnSeveralNodes_countsOnce() throws IOException {
        add("a", PLAIN, metrics(1, 1, 1), users(0, 6_000));
        add("b", PLAIN, metrics(1, 1, 1), users(4_000, 10_000));
        add("c", PLAIN, metrics(1, 1, 1), WindowDetail.NONE);

        JsonNode union = cluster().at("/merged/num_unique_clients/union");

        assertThat(union.path("nodes").asInt()).isEqualTo(2);
        assertThat(union.path("estimate").asDouble()).isCloseTo(10_000, within(500.0));
        assertThat(union.path("lower").asLong()).isLessThanOrEqualTo(10_000);
        assertThat(union.path("upper").asLong()).isGreaterThanOrEqualTo(10_000);
        assertThat(cluster().at("/merged/num_channels/union").isMissingNode()).isTrue();
    }

    private static WindowDetail users(int from, int to) {
        HyperLogLog sketch = HyperLogLog.of(
                IntStream.range(from, to).mapToObj(i -> "user" + i).toList());
        return new WindowDetail(null, null, sketch.encoded(), null);
    }

    @Test
    void quantiles_mergeTheHistogramsOfAllNodes() throws IOException {
        add("a", PLAIN, metrics(1, 1, 1), api(990, 1_000_000));
        add("b", PLAIN, metrics(1, 1, 1), api(10, 500_000_000));

        JsonNode quantiles = cluster().path("quantiles");

        assertThat(quantiles.at("/time_api/nodes").asInt()).isEqualTo(2);
        assertThat(quantiles.at("/time_api/count").asLong()).isEqualTo(1_000);
        assertThat(quantiles.at("/time_api/p50").asDouble()).isCloseTo(1_000_000, within(20_000.0));
        assertThat(quantiles.at("/time_api/p999").asDouble()).isCloseTo(500_000_000, within(10_000_000.0));
        assertThat(quantiles.at("/time_api/max").asLong()).isEqualTo(500_000_000);
        assertThat(quantiles.has("time_client")).isFalse();
    }

    private static WindowDetail api(long count, long nanos) {
        long[] buckets = new long[HistogramBuckets.COUNT];
        buckets[HistogramBuckets.indexOf(nanos)] = count;
        return new WindowDetail(
                DurationHistogram.of(buckets, count * nanos, nanos).encoded(), null, null, null);
    }

    @Test
    void detail_unreadableOnOneNode_isExcludedAndReported() throws IOException {
        add(
                "bad",
                PLAIN,
                metrics(1, 1, 1),
                new WindowDetail(
                        Snapshots.histogram("\0\0\0"),
                        Snapshots.histogram("a"),
                        Snapshots.sketch("aaa"),
                        Snapshots.sketch("???")));
        add("good", PLAIN, metrics(1, 1, 1), api(10, 1_000));

        JsonNode cluster = cluster();

        assertThat(cluster.at("/quantiles/time_api/nodes").asInt()).isEqualTo(1);
        assertThat(cluster.at("/merged/num_clients").asLong()).isEqualTo(20);
        assertThat(cluster.path("warnings").toString())
                .isEqualTo("[{\"code\":\"unreadable_detail\",\"message\":\"1 nodes publish unreadable"
                        + " histograms or sketches\",\"uids\":[\"bad\"]}]");
    }

    @Test
    void warnings_versionSkewAndStaleNumbers() throws IOException {
        add(
                "a",
                new NodeStatus(null, 0, false, "1.0", Map.of(), QualityFlags.NONE),
                metrics(1, 1, 1),
                WindowDetail.NONE);
        add("b", PLAIN, metrics(1, 1, 1), WindowDetail.NONE);
        assertThat(warnings(cluster())).isEmpty();

        add(
                "c",
                new NodeStatus(
                        null, 0, false, "1.1", Map.of(), QualityFlags.of(Map.of(Field.NUM_CLIENTS, Quality.STALE))),
                metrics(1, 1, 1),
                WindowDetail.NONE);

        JsonNode cluster = cluster();
        assertThat(warnings(cluster)).containsExactly("version_skew", "stale_numbers");
        assertThat(cluster.at("/warnings/0/nodes_by_version").toString()).isEqualTo("{\"1.0\":1,\"1.1\":1}");
        assertThat(cluster.at("/warnings/1/uids").toString()).isEqualTo("[\"c\"]");
    }

    @Test
    void warnings_twoAgentsOfOneNode() throws IOException {
        add("a", PLAIN, metrics(1, 1, 1), WindowDetail.NONE);
        view.conflicts().record(new Conflict("a", 7, new Writer("w1", "host-1"), new Writer("w2", null)));

        assertThat(cluster().path("warnings").toString())
                .isEqualTo("[{\"code\":\"writer_conflict\",\"message\":\"two agents publish a: beats of agent w1"
                        + " (host host-1) are accepted, those of agent w2 are rejected\",\"uids\":[\"a\"]}]");
    }

    @Test
    void warnings_manyDuplicates_listIsBounded_countIsNot() throws IOException {
        for (int i = 0; i < 30; i++) {
            for (String uid : List.of("x" + i, "y" + i)) {
                NodeSnapshot snapshot = NodeSnapshot.builder(uid, "n" + i).build();
                view.onLoaded(new StoredSnapshot(
                        SnapshotEnvelope.builder(snapshot)
                                .seq(1)
                                .ttlMillis(15_000)
                                .metricsIntervalSeconds(60)
                                .build(),
                        15_000));
            }
        }

        JsonNode warnings = cluster().path("warnings");

        assertThat(warnings).hasSize(21);
        assertThat(warnings.path(20).path("message").asText()).isEqualTo("10 more names have several live nodes");
    }
}

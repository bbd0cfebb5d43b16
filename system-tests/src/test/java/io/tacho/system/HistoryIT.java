// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.codec.SnapshotCodec;
import io.tacho.embedded.EmbeddedRedis;
import io.tacho.model.Field;
import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeTotals;
import io.tacho.model.NodeWindow;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.model.WindowDetail;
import io.tacho.model.WindowGauges;
import io.tacho.redis.RedisTransport;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.Encoded;
import io.tacho.sketch.HyperLogLog;
import io.tacho.store.SnapshotPublisher;
import io.tacho.testing.RedisExtension;
import io.tacho.testing.Windows;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests the history of aggregators with a real Redis. The test uploads the windows of nodes. */
class HistoryIT {

    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int NODES = 100;
    private static final int MINUTES = 2;

    /** The minute that ended long enough ago for all windows to be uploaded, and recent enough for unions to be written. */
    private final long last = (System.currentTimeMillis() - 70_000) / 60_000 * 60_000;

    private final RedisSettings settings = REDIS.settings();
    private final RedisTransport transport = new RedisTransport(settings, new SnapshotCodec());
    private SnapshotPublisher publisher;
    private final List<TestAggregator> aggregators = new ArrayList<>();
    private final Random random = new Random(17);

    @BeforeEach
    void connect() {
        publisher = transport.publisher();
    }

    @AfterEach
    void stop() {
        aggregators.forEach(TestAggregator::close);
        publisher.close();
        transport.close();
    }

    private TestAggregator aggregator() throws Exception {
        TestAggregator aggregator = TestAggregator.start(settings);
        aggregators.add(aggregator);
        await().atMost(TIMEOUT).until(aggregator::isReady);
        return aggregator;
    }

    private String span(int minutes) {
        return "/history?from=" + (last / 1_000 - 60L * (minutes - 1)) + "&to=" + (last / 1_000 + 60);
    }

    private static JsonNode json(TestAggregator aggregator, String path) throws Exception {
        HttpResponse<String> response = aggregator.send(path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private void upload(String uid, long knownMark, long startMillis, long factor) throws Exception {
        long number = startMillis + 60_000;
        publisher
                .upload(Windows.batch(uid, knownMark, number, Windows.minute(startMillis, factor, 100, 200, 300)))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    @Test
    void history_isEqualOnTwoAggregators_andAfterARestart() throws Exception {
        TestAggregator one = aggregator();
        for (int minute = 30; minute >= 0; minute--) {
            if (minute != 10) {
                long start = last - 60_000L * minute;
                for (String uid : List.of("a", "b", "c")) {
                    upload(uid, minute == 30 ? 0 : start + (minute == 9 ? -60_000 : 0), start, 7);
                }
            }
        }
        TestAggregator other = aggregator();
        String whole = span(31);
        await().atMost(TIMEOUT).untilAsserted(() -> {
            JsonNode fields = json(one, whole).path("fields");
            assertThat(fields.at("/nodes/30").asInt()).isEqualTo(3);
        });
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(other.send(whole).body())
                        .isEqualTo(one.send(whole).body()));
        String before = one.send(whole).body();
        String coarse = one.send(whole + "&step=5m").body();

        one.close();
        TestAggregator restarted = aggregator();

        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(restarted.send(whole).body()).isEqualTo(before));
        assertThat(restarted.send(whole + "&step=5m").body()).isEqualTo(coarse);
        assertThat(restarted.send(whole).headers().firstValue("ETag"))
                .isEqualTo(other.send(whole).headers().firstValue("ETag"));
        JsonNode fields = JSON.readTree(before).path("fields");
        assertThat(fields.path("nodes")).hasSize(31);
        assertThat(fields.at("/nodes/20").isNull()).isTrue();
        assertThat(fields.at("/num_msg_sent/21").asInt()).isEqualTo(3 * 3 * 7);
        assertThat(fields.at("/time_api_p50/0").asInt()).isBetween(199, 201);
        assertThat(fields.at("/num_unique_clients/0").isNull()).isTrue();
        assertThat(fields.at("/num_unique_clients_lower/0").asInt()).isEqualTo(12 * 7);
        assertThat(fields.at("/num_unique_clients_upper/0").asInt()).isEqualTo(3 * 12 * 7);
    }

    @Test
    void unionsAndQuantiles_areOfTheCluster_onEveryAggregator() throws Exception {
        aggregator();
        TestAggregator asked = aggregator();
        List<Set<String>> users = new ArrayList<>();
        List<long[]> durations = new ArrayList<>();
        String path = span(MINUTES) + "&step=60";
        for (int minute = MINUTES - 1; minute >= 0; minute--) {
            Set<String> all = new HashSet<>();
            List<long[]> each = new ArrayList<>();
            for (int node = 0; node < NODES; node++) {
                each.add(window("node-" + node, last - 60_000L * minute, minute == MINUTES - 1, all));
            }
            users.add(all);
            durations.add(each.stream().flatMapToLong(Arrays::stream).sorted().toArray());
            String estimate = "/fields/num_unique_clients/" + (MINUTES - 1 - minute);
            await().atMost(TIMEOUT).until(() -> json(asked, path).at(estimate).isNumber());
        }
        JsonNode fields = json(asked, path).path("fields");
        for (int minute = 0; minute < MINUTES; minute++) {
            assertThat(fields.at("/nodes/" + minute).asInt()).isEqualTo(NODES);
            assertDistinct(fields, minute, users.get(minute).size());
            assertQuantiles(fields, minute, durations.get(minute));
        }
        JsonNode together = json(asked, "/history?from=0&to=" + (last / 1_000 + 60) + "&step=900d")
                .path("fields");
        Set<String> allUsers = new HashSet<>();
        users.forEach(allUsers::addAll);
        int step = together.path("nodes").size() - 1;
        assertDistinct(together, step, allUsers.size());
        assertQuantiles(
                together,
                step,
                durations.stream().flatMapToLong(Arrays::stream).sorted().toArray());
    }

    /** Uploads a minute of a node and publishes it with a beat; returns the durations of its requests. */
    private long[] window(String uid, long startMillis, boolean first, Set<String> all) throws Exception {
        Set<String> ids = new HashSet<>();
        int connections = random.nextInt(1_500);
        for (int i = 0; i < connections; i++) {
            ids.add("user-" + random.nextInt(40_000));
        }
        all.addAll(ids);
        double typical = 20_000 * Math.pow(50, random.nextDouble());
        long[] durations = random.doubles(random.nextInt(300) + 1)
                .mapToLong(share -> (long) (typical * Math.pow(1 / (1 - share), 0.7)))
                .toArray();
        Encoded<DurationHistogram> times = Windows.histogram(durations).encoded();
        Encoded<HyperLogLog> sketch = HyperLogLog.of(ids).encoded();
        WindowDetail detail = new WindowDetail(null, times, sketch, sketch);
        MetricsWindow window = new MetricsWindow(startMillis, startMillis + 60_000);
        NodeSnapshot snapshot = NodeSnapshot.builder(uid, uid)
                .set(Field.NUM_CLIENTS, ids.size())
                .set(Field.NUM_UNIQUE_CLIENTS, ids.size())
                .set(Field.NUM_CHANNELS, ids.size())
                .set(Field.NUM_CLIENT_REQUESTS, durations.length)
                .build();
        long sum = Arrays.stream(durations).sum();
        NodeWindow uploaded = new NodeWindow(
                60,
                window,
                new NodeTotals(0, 0, 0, 0, durations.length, 0, 0, 0, sum),
                WindowGauges.of(snapshot),
                0,
                Arrays.stream(durations).max().orElse(0),
                detail);
        publisher
                .upload(Windows.batch(uid, first ? 0 : startMillis, startMillis + 60_000, uploaded))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        publisher
                .publish(SnapshotEnvelope.builder(snapshot)
                        .seq(startMillis)
                        .ttlMillis(600_000)
                        .metricsIntervalSeconds(60)
                        .window(window)
                        .detail(detail)
                        .build())
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        return durations;
    }

    private static void assertDistinct(JsonNode fields, int step, long exact) {
        for (String field : List.of("num_unique_clients", "num_channels")) {
            assertThat(fields.at("/" + field + "/" + step).asLong()).as(field).isCloseTo(exact, within(exact / 50));
            assertThat(exact)
                    .as(field)
                    .isBetween(
                            fields.at("/" + field + "_lower/" + step).asLong(),
                            fields.at("/" + field + "_upper/" + step).asLong());
        }
    }

    private static void assertQuantiles(JsonNode fields, int step, long[] sorted) {
        assertThat(fields.at("/num_client_requests/" + step).asLong()).isEqualTo(sorted.length);
        assertThat(fields.at("/time_client_max/" + step).asLong()).isEqualTo(sorted[sorted.length - 1]);
        assertThat(fields.at("/time_client_mean/" + step).asLong())
                .isEqualTo(Arrays.stream(sorted).sum() / sorted.length);
        double[] shares = {0.5, 0.9, 0.99, 0.999};
        String[] names = {"p50", "p90", "p99", "p999"};
        for (int i = 0; i < shares.length; i++) {
            long exact = sorted[(int) Math.ceil(shares[i] * sorted.length) - 1];
            assertThat(fields.at("/time_client_" + names[i] + "/" + step).asLong())
                    .as(names[i])
                    .isCloseTo(exact, within(exact / 100));
        }
    }

    @Test
    void unreachableRedis_responsesContinueWithTheirAge() throws Exception {
        try (EmbeddedRedis own = EmbeddedRedis.start();
                RedisTransport there = new RedisTransport(RedisSettings.of(own.uri()), new SnapshotCodec());
                SnapshotPublisher sink = there.publisher()) {
            sink.upload(Windows.batch("a", 0, 1, Windows.minute(last, 7)))
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
            try (TestAggregator aggregator = TestAggregator.start(own.uri())) {
                await().atMost(TIMEOUT)
                        .untilAsserted(() -> assertThat(json(aggregator, span(1))
                                        .at("/fields/nodes/0")
                                        .asInt())
                                .isEqualTo(1));
                assertThat(aggregator.send(span(1)).headers().firstValue("X-Tacho-Stale-Ms"))
                        .isEmpty();
                String known = aggregator.send(span(1)).body();

                own.close();

                await().atMost(TIMEOUT)
                        .until(() -> aggregator
                                .send(span(1))
                                .headers()
                                .firstValue("X-Tacho-Stale-Ms")
                                .isPresent());
                assertThat(aggregator.send(span(1)).body()).isEqualTo(known);
                assertThat(aggregator.send("/stats").statusCode()).isEqualTo(200);
            }
        }
    }
}

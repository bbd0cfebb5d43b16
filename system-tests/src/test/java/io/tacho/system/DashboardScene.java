// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.awaitility.Awaitility.await;

import io.tacho.codec.SnapshotCodec;
import io.tacho.model.Field;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeStatus;
import io.tacho.model.NodeTotals;
import io.tacho.model.NodeWindow;
import io.tacho.model.Quality;
import io.tacho.model.QualityFlags;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.model.WindowDetail;
import io.tacho.model.WindowGauges;
import io.tacho.redis.RedisTransport;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.WindowUpload;
import io.tacho.testing.Windows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * The cluster in screenshots of the dashboard: nodes with realistic variation, labels and two versions, an hour of history with a
 * gap, nodes that were lost, an outlier and alerts. The numbers are the same in every run.
 */
final class DashboardScene implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final Duration KEPT = Duration.ofHours(24);
    private static final String[] ZONES = {"eu-west", "us-east", "ap-south"};
    private static final long STARTED_AT = System.currentTimeMillis() / 1000 - 90_000;
    private static final int MINUTES = 60;
    private static final int OUTLIER = 17;
    private static final int BATCH = 200;
    private static final int FURTHER = 100_000;
    private static final long TTL_MILLIS = 86_400_000;
    private static final long LOST_AFTER_MILLIS = 3_000;

    private final RedisTransport transport;
    private final SnapshotPublisher publisher;
    private final TestAggregator aggregator;

    private DashboardScene(RedisSettings redis) throws IOException {
        transport = new RedisTransport(redis, new SnapshotCodec());
        publisher = transport.publisher();
        aggregator = TestAggregator.start(redis);
    }

    /** Starts an aggregator with a separate namespace, and publishes live nodes and lost nodes. */
    static DashboardScene start(String redisUri, int nodes, int lost) throws Exception {
        RedisSettings usual = RedisSettings.of(redisUri);
        RedisSettings redis =
                new RedisSettings(usual.uri(), "scene-" + nodes + "-" + lost, usual.partitions(), TIMEOUT);
        DashboardScene scene = new DashboardScene(redis);
        await().atMost(TIMEOUT).until(scene.aggregator::isReady);
        if (nodes > 0) {
            scene.uploadHistory(nodes);
        }
        scene.publish(0, nodes, TTL_MILLIS, 0);
        // only a node that the aggregator knows can be lost
        for (int round = 0; scene.count("/nodes/live") < nodes + lost; round++) {
            scene.publish(nodes, lost, LOST_AFTER_MILLIS, round);
            await().pollDelay(Duration.ofMillis(200)).until(() -> true);
        }
        await().atMost(TIMEOUT).until(() -> scene.count("/nodes/live") == nodes && scene.count("/total/lost") == lost);
        return scene;
    }

    private int count(String pointer) throws Exception {
        return aggregator.cluster().at(pointer).asInt();
    }

    TestAggregator aggregator() {
        return aggregator;
    }

    String url() {
        return aggregator.url();
    }

    /** Publishes further windows of the first nodes until one of them is an outlier. */
    void awaitOutlier(int nodes) throws Exception {
        for (int round = 1; aggregator.cluster().at("/outliers/nodes").asInt() == 0; round++) {
            publish(0, nodes, TTL_MILLIS, round);
            await().pollDelay(Duration.ofMillis(900)).until(() -> true);
        }
    }

    /** Makes three rules fire: about the outlier, the cluster's clients and its nodes. */
    void fireAlerts(Path directory) throws Exception {
        aggregator.setAlertConfig(Files.writeString(
                directory.resolve("alerts"),
                "rule api-slow time_api_mean > 1ms severity=critical\nrule many-clients cluster num_clients > 1k\n"
                        + "rule few-nodes nodes < 100000\n"));
        await().atMost(TIMEOUT).until(() -> aggregator.alerts().path("firing").asInt() >= 3);
    }

    /** Publishes further nodes. */
    void join(int count) {
        publish(FURTHER, count, TTL_MILLIS, 0);
    }

    /** Makes further nodes leave. */
    void leave(int count) {
        for (int i = FURTHER; i < FURTHER + count; i++) {
            publisher
                    .leave(new LeaveEnvelope("uid-" + i, 2, null))
                    .toCompletableFuture()
                    .join();
        }
    }

    private void publish(int first, int count, long ttlMillis, int round) {
        List<CompletableFuture<?>> sent = new ArrayList<>();
        for (int i = first; i < first + count; i++) {
            sent.add(publisher.publish(envelope(i, ttlMillis, round)).toCompletableFuture());
            if (sent.size() == BATCH) {
                CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).join();
                sent.clear();
            }
        }
        CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).join();
    }

    private static SnapshotEnvelope envelope(int i, long ttlMillis, int round) {
        Random random = new Random(i);
        double share = Math.exp(random.nextGaussian() * 0.15);
        long clients = Math.round(4_800 * share);
        long apiMean = Math.round(410_000 * Math.exp(random.nextGaussian() * 0.1)) * (i == OUTLIER ? 4 : 1);
        boolean isCanary = i % 6 == 1;
        NodeSnapshot snapshot = NodeSnapshot.builder("uid-" + i, "chat-" + (i + 1))
                .set(Field.NUM_GOROUTINE, 190 + random.nextInt(40))
                .set(Field.NUM_CLIENTS, clients)
                .set(Field.NUM_UNIQUE_CLIENTS, clients * 9 / 10)
                .set(Field.NUM_CHANNELS, clients / 3)
                .set(Field.STARTED_AT, STARTED_AT + i)
                .set(Field.GOMAXPROCS, 4)
                .set(Field.NUM_CPU, 8)
                .set(Field.NUM_MSG_PUBLISHED, clients / 10)
                .set(Field.NUM_MSG_QUEUED, clients / 2)
                .set(Field.NUM_MSG_SENT, clients * 2)
                .set(Field.NUM_API_REQUESTS, 150 + random.nextInt(20))
                .set(Field.NUM_CLIENT_REQUESTS, clients / 4)
                .set(Field.BYTES_CLIENT_IN, clients * 180)
                .set(Field.BYTES_CLIENT_OUT, clients * 2_400)
                .set(Field.TIME_API_MEAN, apiMean)
                .set(Field.TIME_CLIENT_MEAN, Math.round(290_000 * share))
                .set(Field.TIME_API_MAX, apiMean * 9)
                .set(Field.TIME_CLIENT_MAX, Math.round(4_100_000 * share))
                .set(Field.MEMORY_SYS, Math.round(620e6 * share))
                .set(Field.CPU_USAGE, Math.round(145 * share))
                .build();
        long end = System.currentTimeMillis();
        return SnapshotEnvelope.builder(snapshot)
                .seq(round + 1)
                .ttlMillis(ttlMillis)
                .metricsIntervalSeconds(1)
                .window(new MetricsWindow(end - 1_000, end))
                .status(new NodeStatus(
                        "web-" + (i / 4 + 1),
                        1_000,
                        false,
                        isCanary ? "6.2.0-rc1" : "6.1.0",
                        Map.of("zone", ZONES[i % ZONES.length]),
                        i % 50 == 3 ? QualityFlags.of(Map.of(Field.TIME_API_MAX, Quality.BOUND)) : QualityFlags.NONE))
                .build();
    }

    /** An hour in minutes, without five of them; the cluster's sums as those of one node. */
    private void uploadHistory(int nodes) {
        long last = System.currentTimeMillis() / 60_000 * 60_000 - 60_000;
        Random random = new Random(1);
        List<WindowUpload.Numbered> windows = new ArrayList<>();
        for (int minute = MINUTES; minute >= 0; minute--) {
            if (minute < 31 && minute > 25) {
                continue;
            }
            long start = last - 60_000L * minute;
            double load = nodes * (1 + 0.12 * Math.sin(minute / 9.0) + 0.02 * random.nextGaussian());
            windows.add(new WindowUpload.Numbered(start + 60_000, window(start, load, random)));
        }
        publisher
                .upload(new WindowUpload("history", KEPT, 0, windows))
                .toCompletableFuture()
                .join();
    }

    private static NodeWindow window(long start, double load, Random random) {
        long k = Math.round(load * 4_800);
        long[] durations = random.longs(200, 150_000, 700_000).toArray();
        durations[0] = 4_000_000 + random.nextInt(3_000_000);
        return new NodeWindow(
                60,
                new MetricsWindow(start, start + 60_000),
                new NodeTotals(k * 6, k * 30, k * 120, k, k * 15, k * 10_800, k * 144_000, k * 400_000, k * 4_350_000),
                new WindowGauges(
                        Math.round(load * 200), k, k * 9 / 10, k / 3, Math.round(load * 620e6), Math.round(load * 145)),
                durations[0],
                durations[0],
                new WindowDetail(
                        Windows.histogram(durations).encoded(),
                        Windows.histogram(durations).encoded(),
                        null,
                        null));
    }

    @Override
    public void close() {
        aggregator.close();
        publisher.close();
        transport.close();
    }
}

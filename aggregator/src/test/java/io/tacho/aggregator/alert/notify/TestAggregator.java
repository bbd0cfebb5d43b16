// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.aggregator.alert.evaluate.AlertStoreClient;
import io.tacho.aggregator.alert.rule.AlertConfig;
import io.tacho.aggregator.cluster.TotalsCache;
import io.tacho.aggregator.collect.Collector;
import io.tacho.aggregator.outlier.Indicator;
import io.tacho.aggregator.outlier.Outlier;
import io.tacho.aggregator.outlier.OutlierReport;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.codec.SnapshotCodec;
import io.tacho.concurrent.RateLimitedLog;
import io.tacho.model.Field;
import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeStatus;
import io.tacho.model.Quality;
import io.tacho.model.QualityFlags;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.Partitions;
import io.tacho.store.StoredSnapshot;
import io.tacho.testing.InMemoryTransport;
import io.tacho.testing.ManualScheduler;
import io.tacho.testing.Snapshots;
import io.tacho.testing.UnreliableAlertStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** One of several aggregators of the same cluster, on a clock that the test advances. */
final class TestAggregator implements AutoCloseable {

    /** A TTL that does not expire during a test. */
    private static final long TTL_MILLIS = 86_400_000;

    private static final long WINDOW_MILLIS = 60_000;
    private static final Partitions PARTITIONS = new Partitions(2);
    private static final AtomicLong SEQ = new AtomicLong(1);

    /** Receives what this aggregator posts to Alertmanagers. */
    final FakeWebhook alertmanager = new FakeWebhook();

    final LatestAlertStatus latestStatus = new LatestAlertStatus();

    private final ManualScheduler ticker;
    private final InMemoryTransport transport;
    private final ClusterView view;
    private final Collector collector;
    private final AlertEngine engine;
    private OutlierReport outliers = OutlierReport.NONE;

    TestAggregator(String name, ManualScheduler ticker, UnreliableAlertStore store, FakeWebhook webhook) {
        this.ticker = ticker;
        transport = new InMemoryTransport(ticker, PARTITIONS);
        view = new ClusterView(new SnapshotCodec(), ticker, 100_000, PARTITIONS, Long.MAX_VALUE);
        collector = new Collector(transport.source(), view, ticker, Duration.ofHours(1), ticker);
        RateLimitedLog rateLimitedLog = new RateLimitedLog(ticker);
        DeliveryLog deliveries = new DeliveryLog();
        engine = new AlertEngine(
                new AlertStoreClient(store.connect(), Runnable::run, rateLimitedLog),
                view,
                new TotalsCache(view, ticker),
                () -> outliers,
                new NotificationSender(
                        new DeliveryChannel("webhook", webhook, Runnable::run, deliveries, rateLimitedLog),
                        "tacho",
                        name),
                new AlertmanagerSender(
                        () -> new DeliveryChannel(
                                "alertmanager", alertmanager, Runnable::run, deliveries, rateLimitedLog),
                        "tacho"),
                deliveries,
                latestStatus,
                name,
                ticker,
                ticker);
        collector.start();
        ticker.runPending();
    }

    void applyConfig(String... lines) {
        engine.applyConfig(AlertConfig.parse(
                Path.of("alerts"), String.join("\n", lines) + "\nwebhook http://hooks.example/s3cret"));
    }

    void evaluate() {
        engine.evaluate();
    }

    /** Stores what was delivered, as an aggregator does when it ends. */
    void storeDeliveries(Runnable onCompleted) {
        engine.storeDeliveries(onCompleted);
    }

    /** Applies a beat of a node with the window of that number. */
    void beat(String name, long window, long timeApiMax, Map<String, Quality> quality) {
        beat(
                name,
                window,
                timeApiMax,
                new NodeStatus("host", 5_000, false, null, Map.of(), QualityFlags.ofWireNames(quality)));
    }

    /** Applies a beat of a node that has a label. */
    void beatWithLabel(String name, String label, String value) {
        beat(name, 1, 1, new NodeStatus("host", 5_000, false, null, Map.of(label, value), QualityFlags.NONE));
    }

    private void beat(String name, long window, long timeApiMax, NodeStatus status) {
        NodeSnapshot snapshot = Snapshots.snapshot("uid-" + name, name).toBuilder()
                .set(Field.NUM_CLIENTS, 10)
                .set(Field.TIME_API_MAX, timeApiMax)
                .build();
        long start = window * WINDOW_MILLIS;
        view.onLoaded(new StoredSnapshot(
                SnapshotEnvelope.builder(snapshot)
                        .seq(SEQ.incrementAndGet())
                        .ttlMillis(TTL_MILLIS)
                        .metricsIntervalSeconds(60)
                        .window(new MetricsWindow(start, start + WINDOW_MILLIS))
                        .status(status)
                        .build(),
                TTL_MILLIS));
    }

    void beat(String name, long window, long timeApiMax) {
        beat(name, window, timeApiMax, Map.of());
    }

    void beat(String name) {
        beat(name, 1, 1);
    }

    /** Reports the node as slow compared with its peers; only normal nodes if the factor is 1. */
    void reportSlow(String name, double factor) {
        outliers = OutlierReport.of(
                factor == 1
                        ? List.of()
                        : List.of(new Outlier(
                                "uid-" + name,
                                name,
                                Indicator.API_LATENCY,
                                factor * 1e6,
                                1e6,
                                factor,
                                40,
                                Outlier.Method.MEDIAN_DEVIATION,
                                ticker.instant())));
    }

    /** Clears the outlier report, like a restart of the aggregator. */
    void forgetOutliers() {
        outliers = OutlierReport.NONE;
    }

    void loseNode(String name) {
        view.evict(view.find("uid-" + name).orElseThrow());
    }

    void disconnectRedis() {
        transport.disconnect();
    }

    /** Disconnects the partition of a node. */
    void disconnectPartitionOf(String name) {
        transport.disconnect(PARTITIONS.of("uid-" + name));
    }

    void reconnectPartitionOf(String name) {
        transport.reconnect(PARTITIONS.of("uid-" + name));
        ticker.runPending();
    }

    void reconnectRedis() {
        transport.reconnect();
        ticker.runPending();
    }

    AlertStatus status() {
        return latestStatus.status();
    }

    JsonNode statusJson() {
        try {
            return new ObjectMapper().readTree(latestStatus.json());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    ManualScheduler ticker() {
        return ticker;
    }

    @Override
    public void close() {
        collector.close();
    }
}

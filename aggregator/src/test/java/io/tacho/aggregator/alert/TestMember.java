// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tacho.aggregator.collect.Collector;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.codec.SnapshotCodec;
import io.tacho.concurrent.RateLimitedLog;
import io.tacho.model.IntervalMetrics;
import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeInfo;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeStatus;
import io.tacho.model.Quality;
import io.tacho.model.QualityFlags;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.StoredSnapshot;
import io.tacho.testing.InMemoryTransport;
import io.tacho.testing.ManualScheduler;
import io.tacho.testing.UnreliableAlertLedger;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** One of several aggregators that watch the same cluster, on a clock that the test moves. */
final class TestMember implements AutoCloseable {

    /** Nobody is given up but by the test. */
    private static final long TTL_MILLIS = 86_400_000;

    private static final long WINDOW_MILLIS = 60_000;
    private static final AtomicLong SEQ = new AtomicLong(1);

    final FakePoster poster;
    final AlertBoard board = new AlertBoard();

    private final ManualScheduler ticker;
    private final InMemoryTransport transport;
    private final ClusterView view;
    private final Collector collector;
    private final AlertEngine engine;

    TestMember(String name, ManualScheduler ticker, UnreliableAlertLedger ledger, FakePoster poster) {
        this.ticker = ticker;
        this.poster = poster;
        transport = new InMemoryTransport(ticker);
        view = new ClusterView(new SnapshotCodec(), ticker, 100_000);
        collector = new Collector(transport.source(), view, ticker, Duration.ofHours(1), ticker);
        RateLimitedLog rareLog = new RateLimitedLog(ticker);
        engine = new AlertEngine(
                new SharedAlerts(ledger.member(), Runnable::run, rareLog),
                view,
                new Outbox(poster, Runnable::run, "tacho", name, rareLog),
                board,
                name,
                ticker,
                ticker);
        collector.start();
        ticker.runPending();
    }

    void take(String... lines) {
        engine.take(
                AlertFile.parse(Path.of("alerts"), String.join("\n", lines) + "\nwebhook http://hooks.example/s3cret"));
    }

    void tick() {
        engine.tick();
    }

    /** A beat of a node in its window of that number. */
    void beat(String name, long window, long timeApiMax, Map<String, Quality> quality) {
        NodeSnapshot snapshot = new NodeSnapshot(
                new NodeInfo("uid-" + name, name, 3, 10, 5, 6, 1_795_367_843, 8, 9),
                new IntervalMetrics(10, 11, 12, 13, 14, 15, 16, 17, 18, timeApiMax, 20, 21, 22));
        long start = window * WINDOW_MILLIS;
        view.loaded(new StoredSnapshot(
                new SnapshotEnvelope(
                        SEQ.incrementAndGet(),
                        TTL_MILLIS,
                        60,
                        new MetricsWindow(start, start + WINDOW_MILLIS),
                        new NodeStatus("host", 5_000, false, null, Map.of(), QualityFlags.ofWireNames(quality)),
                        snapshot),
                TTL_MILLIS));
    }

    void beat(String name, long window, long timeApiMax) {
        beat(name, window, timeApiMax, Map.of());
    }

    void beat(String name) {
        beat(name, 1, 1);
    }

    void lose(String name) {
        view.confirmOrEvict(view.find("uid-" + name).orElseThrow(), null);
    }

    void loseRedis() {
        transport.disconnect();
    }

    void findRedis() {
        transport.reconnect();
        ticker.runPending();
    }

    JsonNode board() {
        try {
            return new ObjectMapper().readTree(board.body());
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

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import io.tacho.aggregator.alert.notify.LatestAlertStatus;
import io.tacho.aggregator.api.EventData;
import io.tacho.aggregator.cluster.DurationTotals;
import io.tacho.aggregator.cluster.TotalsCache;
import io.tacho.aggregator.events.EventFeed;
import io.tacho.aggregator.outlier.OutlierReport;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeStatus;
import io.tacho.model.NodeTotals;
import io.tacho.model.QualityFlags;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.StoredSnapshot;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A scrape of a cluster in which every node has sent a beat since the last one, so that nothing is cached. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1, timeUnit = TimeUnit.SECONDS)
@Measurement(iterations = 5, time = 1, timeUnit = TimeUnit.SECONDS)
public class MetricsBenchmark {

    @Param({"3", "1000", "10000"})
    public int nodes;

    private final Random random = new Random(1);
    private MetricsPage page;

    @Setup
    public void load() {
        // a clock that stands still: no page is kept
        ClusterView view = new ClusterView(new SnapshotCodec(), () -> 0, nodes);
        for (int i = 0; i < nodes; i++) {
            view.onLoaded(new StoredSnapshot(beat(i), 15_000));
        }
        var scheduler = Executors.newSingleThreadScheduledExecutor();
        page = new MetricsPage(
                view,
                new TotalsCache(view, () -> 0),
                () -> OutlierReport.NONE,
                new DurationTotals(),
                new EventFeed(view, new EventData(view), () -> OutlierReport.NONE, scheduler, () -> 0, 1).metrics(),
                new LatestAlertStatus(),
                new HttpMetrics(),
                Runnable::run,
                () -> 0);
        scheduler.shutdownNow();
    }

    private SnapshotEnvelope beat(int index) {
        NodeSnapshot.Builder node = NodeSnapshot.builder(
                new UUID(random.nextLong(), random.nextLong()).toString(), "chat-" + index);
        Field.NUMBERS.forEach(field -> node.set(field, random.nextInt(1_000_000)));
        return SnapshotEnvelope.builder(node.build())
                .seq(1)
                .ttlMillis(15_000)
                .metricsIntervalSeconds(60)
                .status(new NodeStatus("host-" + index, 5_000, false, "6.1.0", Map.of("zone", "eu"), QualityFlags.NONE))
                .totals(NodeTotals.of(field -> random.nextInt() & 0x7fff_ffffL))
                .build();
    }

    private ByteBuffer scrape(MetricsFormat format, boolean gzip, boolean withNodes) {
        return page.page(new MetricsPage.Request(format, gzip, new FamilySelection(withNodes, Set.of())))
                .toCompletableFuture()
                .join();
    }

    @Benchmark
    public ByteBuffer text() {
        return scrape(MetricsFormat.PROMETHEUS, false, true);
    }

    @Benchmark
    public ByteBuffer textGzip() {
        return scrape(MetricsFormat.PROMETHEUS, true, true);
    }

    @Benchmark
    public ByteBuffer protobufGzip() {
        return scrape(MetricsFormat.PROTOBUF, true, true);
    }

    @Benchmark
    public ByteBuffer textWithoutNodes() {
        return scrape(MetricsFormat.PROMETHEUS, true, false);
    }
}

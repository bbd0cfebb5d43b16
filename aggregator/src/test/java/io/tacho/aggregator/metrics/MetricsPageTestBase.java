// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import static io.tacho.testing.Snapshots.detailed;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.aggregator.alert.notify.LatestAlertStatus;
import io.tacho.aggregator.api.EventData;
import io.tacho.aggregator.cluster.DurationTotals;
import io.tacho.aggregator.cluster.TotalsCache;
import io.tacho.aggregator.collect.Collector;
import io.tacho.aggregator.events.EventFeed;
import io.tacho.aggregator.outlier.OutlierReport;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.Extra;
import io.tacho.model.Extras;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.model.WindowDetail;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.HistogramBuckets;
import io.tacho.store.StoredSnapshot;
import io.tacho.testing.InMemoryTransport;
import io.tacho.testing.ManualScheduler;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Builds and parses the metrics page of a view. */
abstract class MetricsPageTestBase {

    final ManualScheduler ticker = new ManualScheduler();
    final ClusterView view = new ClusterView(new SnapshotCodec(), ticker, 100);
    final Collector collector =
            new Collector(new InMemoryTransport(ticker).source(), view, ticker, Duration.ofHours(1), ticker);
    final DurationTotals durations = new DurationTotals();
    final HttpMetrics http = new HttpMetrics();

    OutlierReport outliers = OutlierReport.NONE;
    final MetricsPage page = new MetricsPage(
            view,
            new TotalsCache(view, ticker),
            () -> outliers,
            durations,
            new EventFeed(view, new EventData(view), () -> OutlierReport.NONE, ticker, ticker, 1).metrics(),
            new LatestAlertStatus(),
            http,
            Runnable::run,
            ticker);

    List<String> lines(MetricsFormat format) {
        return lines(format, FamilySelection.ALL);
    }

    List<String> lines(MetricsFormat format, FamilySelection selection) {
        return new String(bytes(format, selection), UTF_8).lines().toList();
    }

    byte[] bytes(MetricsFormat format, FamilySelection selection) {
        return bytes(new MetricsPage.Request(format, false, selection));
    }

    byte[] bytes(MetricsPage.Request request) {
        ByteBuffer made = page.page(request).toCompletableFuture().join();
        return Arrays.copyOf(made.array(), made.remaining());
    }

    static StoredSnapshot withExtras(String uid, Map<String, Extra> extras) {
        SnapshotEnvelope beat = detailed(uid, 1);
        return new StoredSnapshot(
                SnapshotEnvelope.builder(beat.snapshot())
                        .seq(1)
                        .ttlMillis(15_000)
                        .metricsIntervalSeconds(60)
                        .status(beat.status())
                        .detail(new WindowDetail(null, null, null, null, new Extras(extras)))
                        .build(),
                15_000);
    }

    static FamilySelection named(String... names) {
        return new FamilySelection(true, Set.of(names));
    }

    void addDurations() {
        long[] buckets = new long[HistogramBuckets.COUNT];
        buckets[HistogramBuckets.indexOf(2_000_000)] = 3;
        buckets[HistogramBuckets.indexOf(90_000_000_000L)] = 1;
        DurationHistogram times = DurationHistogram.of(buckets, 90_006_000_000L, 90_000_000_000L);
        durations.add(new WindowDetail(null, times.encoded(), null, null));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.swarm;

import io.tacho.model.Field;
import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeTotals;
import io.tacho.model.NodeWindow;
import io.tacho.model.RequestKind;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.model.WindowDetail;
import io.tacho.model.WindowGauges;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.Encoded;
import io.tacho.sketch.HistogramBuckets;
import io.tacho.store.WindowUpload;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The windows of one simulated node on their way into the cluster's history: the last one only, once it is complete.
 *
 * <p>Thread safety: {@link #next} by the swarm's thread, {@link #acknowledged} by any, one after the other.
 */
final class SimulatedUploads {

    private final long bornMillis;
    private volatile boolean underWay;
    private volatile long mark;

    SimulatedUploads(long bornMillis) {
        this.bornMillis = bornMillis;
    }

    /** {@return the upload that follows a beat; null if it is done or in flight} */
    @Nullable
    WindowUpload next(SnapshotEnvelope beat, Duration history) {
        MetricsWindow window = Objects.requireNonNull(beat.window());
        if (underWay || window.startMillis() < bornMillis || window.endMillis() <= mark) {
            return null;
        }
        underWay = true;
        return new WindowUpload(
                beat.uid(),
                history,
                mark,
                List.of(new WindowUpload.Numbered(window.endMillis(), window(beat, window))));
    }

    void acknowledged(@Nullable Long newMark) {
        if (newMark != null) {
            mark = newMark;
        }
        underWay = false;
    }

    private static NodeWindow window(SnapshotEnvelope beat, MetricsWindow window) {
        NodeSnapshot node = beat.snapshot();
        return new NodeWindow(
                beat.metricsIntervalSeconds(),
                window,
                NodeTotals.of(total -> {
                    Field weight = total.field().weight();
                    return node.number(total.field()) * (weight == null ? 1 : node.number(weight));
                }),
                WindowGauges.of(node),
                node.number(Field.TIME_API_MAX),
                node.number(Field.TIME_CLIENT_MAX),
                new WindowDetail(
                        histogram(node, RequestKind.API),
                        histogram(node, RequestKind.CLIENT),
                        beat.detail().users(),
                        beat.detail().channels()));
    }

    /** From half of the mean to twice of it, and one that took longest. */
    private static @Nullable Encoded<DurationHistogram> histogram(NodeSnapshot node, RequestKind requests) {
        long count = node.number(requests.count());
        long mean = node.number(requests.mean());
        long longest = node.number(requests.max());
        if (count == 0) {
            return null;
        }
        int from = HistogramBuckets.indexOf(mean / 2);
        int to = HistogramBuckets.indexOf(2 * mean);
        long[] buckets = new long[HistogramBuckets.COUNT];
        buckets[HistogramBuckets.indexOf(longest)]++;
        for (long i = 0; i < count - 1; i++) {
            buckets[from + (int) (i % (to - from + 1))]++;
        }
        return DurationHistogram.of(buckets, mean * count, longest).encoded();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.testing;

import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeTotals;
import io.tacho.model.NodeWindow;
import io.tacho.model.WindowDetail;
import io.tacho.model.WindowGauges;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.Encoded;
import io.tacho.sketch.HistogramBuckets;
import io.tacho.store.WindowUpload;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;

/** Test windows of nodes in which every field has a different value, so that swapped fields are detected. */
public final class Windows {

    /** A minute of the cluster in the previous month: a real Redis still keeps its hour, whatever the date. */
    public static final long SLOT = YearMonth.now(ZoneOffset.UTC)
            .minusMonths(1)
            .atDay(1)
            .atTime(17, 20)
            .toInstant(ZoneOffset.UTC)
            .toEpochMilli();

    public static final Duration HISTORY = Duration.ofHours(1);

    private Windows() {}

    /** Returns a window of a whole minute, with values scaled by the factor and requests of these durations. */
    public static NodeWindow minute(long startMillis, long factor, long... durations) {
        return window(startMillis, startMillis + 60_000, factor, durations);
    }

    /** Returns a window of part of a minute, with values scaled by the factor and requests of these durations. */
    public static NodeWindow window(long startMillis, long endMillis, long factor, long... durations) {
        Encoded<DurationHistogram> times =
                durations.length == 0 ? null : histogram(durations).encoded();
        return new NodeWindow(
                60,
                new MetricsWindow(startMillis, endMillis),
                totals(factor),
                new WindowGauges(10 * factor, 11 * factor, 12 * factor, 13 * factor, 14 * factor, 15 * factor),
                16 * factor,
                17 * factor,
                new WindowDetail(times, null, null, null));
    }

    /** Returns totals from 1 to 9 times the factor. */
    public static NodeTotals totals(long factor) {
        return new NodeTotals(
                factor, 2 * factor, 3 * factor, 4 * factor, 5 * factor, 6 * factor, 7 * factor, 8 * factor, 9 * factor);
    }

    public static DurationHistogram histogram(long... durations) {
        long[] buckets = new long[HistogramBuckets.COUNT];
        for (long duration : durations) {
            buckets[HistogramBuckets.indexOf(duration)]++;
        }
        return DurationHistogram.of(
                buckets,
                Arrays.stream(durations).sum(),
                Arrays.stream(durations).max().orElse(0));
    }

    public static WindowUpload batch(String uid, long highWaterMark, long number, NodeWindow window) {
        return new WindowUpload(uid, HISTORY, highWaterMark, List.of(new WindowUpload.Numbered(number, window)));
    }
}

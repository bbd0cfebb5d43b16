// SPDX-License-Identifier: Apache-2.0
package io.tacho.testing;

import io.tacho.model.Extra;
import io.tacho.model.Extras;
import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeTotals;
import io.tacho.model.NodeWindow;
import io.tacho.model.WindowDetail;
import io.tacho.model.WindowGauges;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.HistogramBuckets;
import io.tacho.sketch.HyperLogLog;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Random windows of nodes; histograms, sketches and extra values are sometimes missing. */
public final class RandomWindows {

    private static final long MAX = DurationHistogram.MAX_VALUE;

    private RandomWindows() {}

    /** {@return a window that covers a slot of a minute, or a part of it} */
    public static NodeWindow next(Random random, long startMillis) {
        long[] sums = IntStream.range(0, 9).mapToLong(i -> number(random)).toArray();
        long end = startMillis + (random.nextBoolean() ? 60_000 : 40_000);
        DurationHistogram api = histogram(random);
        return new NodeWindow(
                60,
                new MetricsWindow(startMillis, end),
                new NodeTotals(
                        sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], sums[6], 900 * sums[7], 900 * sums[8]),
                new WindowGauges(
                        number(random), number(random), number(random), number(random), number(random), number(random)),
                number(random),
                number(random),
                new WindowDetail(
                        random.nextInt(4) == 0 ? null : api.encoded(),
                        random.nextInt(4) == 0 ? null : histogram(random).encoded(),
                        random.nextInt(4) == 0 ? null : ids(random).encoded(),
                        random.nextInt(4) == 0 ? null : ids(random).encoded(),
                        new Extras(extras(random, api))));
    }

    private static long number(Random random) {
        return random.nextInt(30) == 0 ? MAX - random.nextInt(2) : (random.nextLong() & MAX) >> random.nextInt(53);
    }

    /** {@return a histogram over some or all buckets, with small and with the largest counts} */
    public static DurationHistogram histogram(Random random) {
        int from = random.nextInt(3) == 0 ? 0 : random.nextInt(HistogramBuckets.COUNT);
        int to = random.nextInt(3) == 0 ? HistogramBuckets.COUNT : Math.min(from + 100, HistogramBuckets.COUNT);
        double share = List.of(0.01, 0.5, 1.0).get(random.nextInt(3));
        long[] buckets = new long[HistogramBuckets.COUNT];
        int last = -1;
        for (int i = from; i < to; i++) {
            if (random.nextDouble() < share) {
                buckets[i] = Math.max(1, number(random));
                last = i;
            }
        }
        return last < 0
                ? DurationHistogram.EMPTY
                : DurationHistogram.of(buckets, number(random), HistogramBuckets.lowest(last));
    }

    private static HyperLogLog ids(Random random) {
        int first = random.nextInt(1_000);
        return HyperLogLog.of(IntStream.range(first, first + random.nextInt(random.nextInt(10) == 0 ? 5_000 : 50))
                .mapToObj(id -> "id-" + id)
                .toList());
    }

    private static Map<String, Extra> extras(Random random, @Nullable DurationHistogram durations) {
        Map<String, Extra> extras = new HashMap<>();
        for (int i = random.nextInt(Extras.MAX_EXTRAS); i > 0; i--) {
            String name = "value_" + random.nextInt(400);
            switch (random.nextInt(5)) {
                case 0 -> extras.put(name, Extra.gauge(number(random)));
                case 1 -> extras.put(name, Extra.gauge(Extra.MAX, number(random)));
                case 2 -> extras.put(name, Extra.gauge(Extra.LAST, number(random)));
                case 3 -> extras.put(name, Extra.counter(number(random), number(random)));
                default -> extras.put("time{code=\"\u00fc" + random.nextInt(9) + "\"}", Extra.timer(durations));
            }
        }
        return extras;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.scrape;

import io.tacho.agent.source.scrape.HistogramIncrease.Bucket;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.HistogramBuckets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Converts what is new in a Prometheus histogram to a {@link DurationHistogram}.
 *
 * <p>Buckets of Prometheus are wide: most durations of a healthy server are in the first one. How many durations are in each
 * bucket, and what all of them took together, is exact. Within the buckets the durations are distributed such that
 * these numbers are met and nothing else is assumed: the distribution of maximum entropy, whose density in each bucket is
 * proportional to e<sup>-λx</sup>, with the same λ for all buckets of a series. A quantile is therefore in the correct bucket,
 * and in a wide one much closer than its middle. The longest duration is an upper bound.
 */
final class HistogramEstimate {

    private static final double NANOS = 1e9;

    /** A bucket whose bounds are closer than this is narrow: as all those of native histograms are. */
    private static final double NARROW = 1.25;

    private static final int STEPS = 50;
    private static final double MAX_LOG_RATE = 25;

    private final long[] counts = new long[HistogramBuckets.COUNT];
    private double sum;
    private double max;

    private HistogramEstimate() {}

    /** Returns the durations of all series of a histogram; null if there are none. The factor makes them seconds. */
    static @Nullable DurationHistogram of(List<HistogramIncrease> series, double factor) {
        HistogramEstimate estimate = new HistogramEstimate();
        series.forEach(one -> estimate.add(factor == 1 ? one : one.scaled(factor)));
        return estimate.histogram();
    }

    private void add(HistogramIncrease series) {
        List<Bucket> buckets = series.buckets();
        if (buckets.isEmpty()) {
            return;
        }
        double rate = isNarrow(buckets) ? 0 : rate(buckets, series.sum());
        buckets.forEach(bucket -> add(bucket, rate));
        sum += series.sum();
        max = Math.max(max, buckets.get(buckets.size() - 1).high());
    }

    private static boolean isNarrow(List<Bucket> buckets) {
        return buckets.stream().allMatch(bucket -> bucket.high() <= bucket.low() * NARROW);
    }

    /** Returns the λ with which the durations have the sum; 0, the uniform distribution, if no λ has. */
    private static double rate(List<Bucket> buckets, double sum) {
        // the sum decreases with λ, which may be of any magnitude and sign
        double low = -MAX_LOG_RATE;
        double high = MAX_LOG_RATE;
        if (sum >= expected(buckets, Math.sinh(low)) || sum <= expected(buckets, Math.sinh(high))) {
            return 0;
        }
        for (int step = 0; step < STEPS; step++) {
            double middle = (low + high) / 2;
            if (expected(buckets, Math.sinh(middle)) > sum) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return Math.sinh((low + high) / 2);
    }

    private static double expected(List<Bucket> buckets, double rate) {
        double expected = 0;
        for (Bucket bucket : buckets) {
            expected += bucket.count() * (bucket.low() + bucket.width() * meanPlace(rate * bucket.width()));
        }
        return expected;
    }

    /** Returns the mean of a density proportional to e<sup>-tx</sup> from 0 to 1. */
    private static double meanPlace(double t) {
        return Math.abs(t) < 1e-4 ? 0.5 - t / 12 : 1 / t - 1 / Math.expm1(t);
    }

    /** Returns the share of that density up to a place from 0 to 1. */
    private static double share(double t, double place) {
        if (Math.abs(t) < 1e-4) {
            return place;
        }
        return t > 0
                ? Math.expm1(-t * place) / Math.expm1(-t)
                : (Math.exp(t * (1 - place)) - Math.exp(t)) / -Math.expm1(t);
    }

    private void add(Bucket bucket, double rate) {
        int first = HistogramBuckets.indexOf(nanos(bucket.low()));
        int last = HistogramBuckets.indexOf(nanos(bucket.high()));
        long placed = 0;
        for (int index = first; index < last; index++) {
            double place = (HistogramBuckets.lowest(index + 1) / NANOS - bucket.low()) / bucket.width();
            long upTo = Math.round(bucket.count() * share(rate * bucket.width(), Math.max(0, Math.min(place, 1))));
            counts[index] += Math.max(0, upTo - placed);
            placed = Math.max(placed, upTo);
        }
        counts[last] += bucket.count() - placed;
    }

    private @Nullable DurationHistogram histogram() {
        int highest = counts.length - 1;
        while (highest >= 0 && counts[highest] == 0) {
            highest--;
        }
        if (highest < 0) {
            return null;
        }
        // the longest of all is where the maximum is
        long longest = Math.max(nanos(max), HistogramBuckets.lowest(highest));
        counts[highest]--;
        counts[HistogramBuckets.indexOf(longest)]++;
        return DurationHistogram.of(counts, nanos(sum), longest);
    }

    private static long nanos(double seconds) {
        return Math.max(0, Math.min(Math.round(seconds * NANOS), DurationHistogram.MAX_VALUE));
    }
}

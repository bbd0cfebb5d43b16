// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.cluster;

import io.tacho.model.RequestKind;
import io.tacho.model.WindowDetail;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.Encoded;
import io.tacho.sketch.ExponentialBuckets;
import io.tacho.sketch.HistogramBuckets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * The durations of all requests in the windows that this aggregator has seen complete, of the nodes that publish histograms. They
 * never decrease: a node that leaves takes nothing away.
 *
 * <p>Thread safety: safe.
 */
public final class DurationTotals {

    /**
     * The durations up to now, immutable.
     *
     * @param buckets counts by {@link HistogramBuckets#indexOf}
     * @param sumNanos the sum of all durations
     */
    public record Durations(long[] buckets, long sumNanos) {

        /** {@return the durations in each of the ranges that end at a bound, and beyond the last one; bounds in nanoseconds} */
        public long[] countsBetween(long[] bounds) {
            long[] counts = new long[bounds.length + 1];
            int range = 0;
            for (int bucket = 0; bucket < buckets.length; bucket++) {
                while (range < bounds.length && bucket >= HistogramBuckets.indexOf(bounds[range])) {
                    range++;
                }
                counts[range] += buckets[bucket];
            }
            return counts;
        }

        /** {@return the same durations in exponential buckets} */
        public ExponentialBuckets exponential() {
            return ExponentialBuckets.of(buckets);
        }
    }

    private static final class Sums {
        final long[] buckets = new long[HistogramBuckets.COUNT];
        long count;
        long nanos;

        /** Sums that are too large for a long all start again, as counters that were reset together. */
        void add(DurationHistogram histogram) {
            if (count + histogram.count() < 0 || nanos + histogram.sum() < 0) {
                Arrays.fill(buckets, 0);
                count = 0;
                nanos = 0;
            }
            histogram.addTo(buckets);
            count += histogram.count();
            nanos += histogram.sum();
        }
    }

    private final Map<RequestKind, Sums> sums = new EnumMap<>(RequestKind.class);

    /** Creates totals of no durations. */
    public DurationTotals() {
        for (RequestKind kind : RequestKind.values()) {
            sums.put(kind, new Sums());
        }
    }

    /** Adds the durations of one window of one node; unreadable histograms are left out. */
    public synchronized void add(WindowDetail window) {
        sums.forEach((kind, sum) -> {
            Encoded<DurationHistogram> times = window.times(kind);
            if (times != null) {
                times.decodeIfReadable().ifPresent(sum::add);
            }
        });
    }

    /** {@return all durations of that kind of requests so far} */
    public synchronized Durations of(RequestKind kind) {
        Sums sum = Objects.requireNonNull(sums.get(kind));
        return new Durations(sum.buckets.clone(), sum.nanos);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.sketch;

import java.util.Arrays;

/**
 * The counts of a {@link DurationHistogram} in the exponential buckets of Prometheus' native histograms (schema 5) and
 * OpenTelemetry's exponential histograms (scale 5), of durations in seconds. Bucket {@code i} ends at {@code 2^(i/32)} seconds,
 * inclusive, and is 2.2 % wide. A duration counts by the middle of its own bucket, so it may be in the next one if it is within
 * 0.8 % of a boundary.
 *
 * @param zeroCount the durations below a nanosecond
 * @param indexes the indexes of the buckets that contain something, ascending
 * @param counts the count of each of them
 */
public record ExponentialBuckets(long zeroCount, int[] indexes, long[] counts) {

    /** Prometheus' schema, OpenTelemetry's scale: a bucket ends at 2^(2^-5) times the end of the one before it. */
    public static final int SCHEMA = 5;

    /** Durations up to this number of seconds are in no bucket but in {@link #zeroCount}. */
    public static final double ZERO_THRESHOLD = 5e-10;

    private static final double NANOS_PER_SECOND = 1e9;
    private static final int[] INDEXES = indexesOfBuckets();

    private static int[] indexesOfBuckets() {
        int[] indexes = new int[HistogramBuckets.COUNT];
        for (int bucket = 1; bucket < indexes.length; bucket++) {
            double seconds = HistogramBuckets.middle(bucket) / NANOS_PER_SECOND;
            indexes[bucket] = (int) Math.ceil(Math.scalb(Math.log(seconds) / Math.log(2), SCHEMA));
        }
        return indexes;
    }

    /**
     * Returns the exponential buckets of counts by {@link HistogramBuckets#indexOf}.
     *
     * @param buckets one count for each bucket
     */
    public static ExponentialBuckets of(long[] buckets) {
        int[] indexes = new int[buckets.length];
        long[] counts = new long[buckets.length];
        int used = 0;
        for (int bucket = 1; bucket < buckets.length; bucket++) {
            if (buckets[bucket] == 0) {
                continue;
            }
            if (used == 0 || indexes[used - 1] != INDEXES[bucket]) {
                indexes[used++] = INDEXES[bucket];
            }
            counts[used - 1] += buckets[bucket];
        }
        return new ExponentialBuckets(buckets[0], Arrays.copyOf(indexes, used), Arrays.copyOf(counts, used));
    }

    /** {@return the end of a bucket in seconds, inclusive} */
    public static double upperBound(int index) {
        return Math.pow(2, Math.scalb((double) index, -SCHEMA));
    }
}

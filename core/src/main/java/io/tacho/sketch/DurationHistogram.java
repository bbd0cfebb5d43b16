// SPDX-License-Identifier: Apache-2.0
package io.tacho.sketch;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * A histogram of the durations in one window, mergeable so that quantiles of several nodes are those of all their durations:
 * counts by {@link HistogramBuckets}, within 1 % of every duration from 1 µs to 60 s, and the exact sum and maximum.
 *
 * <p>Thread safety: immutable.
 */
public final class DurationHistogram {

    /** Counts, sums and maxima end here: the largest integer that every JSON reader keeps exact (2^53 - 1). */
    public static final long MAX_VALUE = 9_007_199_254_740_991L;

    /** Nothing happened. */
    public static final DurationHistogram EMPTY = new DurationHistogram(new int[0], new long[0], 0, 0);

    // the buckets that hold something, ascending, and what each of them holds
    private final int[] indexes;
    private final long[] counts;
    private final long count;
    private final long sum;
    private final long max;

    DurationHistogram(int[] indexes, long[] counts, long sum, long max) {
        this.indexes = indexes;
        this.counts = counts;
        this.sum = sum;
        this.max = max;
        count = Arrays.stream(counts).reduce(0, DurationHistogram::plus);
    }

    /**
     * Returns a histogram of counts by {@link HistogramBuckets#indexOf}.
     *
     * @param buckets one count for each bucket
     * @param sum of all durations, nanoseconds
     * @param max the longest duration, nanoseconds
     * @throws IllegalArgumentException if there are more or fewer buckets, a count is negative, or the longest duration is
     *     not of the last bucket that holds something
     */
    public static DurationHistogram of(long[] buckets, long sum, long max) {
        if (buckets.length != HistogramBuckets.COUNT) {
            throw new IllegalArgumentException(
                    "buckets: " + buckets.length + " (expected: " + HistogramBuckets.COUNT + ")");
        }
        int used = 0;
        for (long bucket : buckets) {
            if (bucket != 0) {
                used++;
            }
        }
        int[] indexes = new int[used];
        long[] counts = new long[used];
        int next = 0;
        for (int index = 0; index < buckets.length; index++) {
            if (buckets[index] != 0) {
                indexes[next] = index;
                counts[next++] = buckets[index];
            }
        }
        return checked(indexes, counts, sum, max);
    }

    static DurationHistogram checked(int[] indexes, long[] counts, long sum, long max) {
        for (long count : counts) {
            value("count", count);
        }
        value("sum", sum);
        value("max", max);
        if (indexes.length == 0) {
            if (sum != 0 || max != 0) {
                throw new IllegalArgumentException("max: " + max + ", sum: " + sum + " (expected: 0 of no durations)");
            }
            return EMPTY;
        }
        int last = indexes[indexes.length - 1];
        if (HistogramBuckets.indexOf(max) != last) {
            throw new IllegalArgumentException(
                    "max: " + max + " (expected: a duration of bucket " + last + ", the last one in use)");
        }
        return new DurationHistogram(indexes, counts, sum, max);
    }

    private static void value(String name, long value) {
        if (value < 0 || value > MAX_VALUE) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: 0 to " + MAX_VALUE + ")");
        }
    }

    /** Returns the counts of all buckets, as {@link #of} expects them. */
    public long[] buckets() {
        long[] buckets = new long[HistogramBuckets.COUNT];
        for (int i = 0; i < indexes.length; i++) {
            buckets[indexes[i]] = counts[i];
        }
        return buckets;
    }

    /** Adds the count of every bucket to the same index of an array of {@link HistogramBuckets#COUNT} numbers. */
    public void addTo(long[] buckets) {
        for (int i = 0; i < indexes.length; i++) {
            buckets[indexes[i]] += counts[i];
        }
    }

    /** Returns the number of durations. */
    public long count() {
        return count;
    }

    /** Returns the sum of all durations, nanoseconds. */
    public long sum() {
        return sum;
    }

    /** Returns the longest duration, nanoseconds, exact; 0 if there is none. */
    public long max() {
        return max;
    }

    /**
     * Returns the duration that the given share of all durations does not exceed, nanoseconds: within 1 % from 1 µs to 60 s, and
     * never above {@link #max()}. 0 where there is no duration; above 68.7 s the longest of all.
     *
     * @param share 0 to 1; 0.5 is the median, 1 the longest
     * @throws IllegalArgumentException if the share is not from 0 to 1
     */
    public long quantile(double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("quantile: " + share + " (expected: 0 to 1)");
        }
        long rank = Math.max(1, (long) Math.ceil(share * count));
        if (rank >= count) {
            return max;
        }
        long seen = 0;
        for (int i = 0; i < indexes.length; i++) {
            seen = plus(seen, counts[i]);
            if (seen >= rank) {
                return indexes[i] == HistogramBuckets.OVERFLOW
                        ? max
                        : Math.min(HistogramBuckets.middle(indexes[i]), max);
            }
        }
        return max;
    }

    /** Returns the number of durations in buckets that end at or below the given duration: the count of a Prometheus {@code le}. */
    public long countUpTo(long nanos) {
        int limit = HistogramBuckets.indexOf(Math.max(0, nanos));
        long seen = 0;
        for (int i = 0; i < indexes.length && indexes[i] < limit; i++) {
            seen = plus(seen, counts[i]);
        }
        return seen;
    }

    /** Returns a histogram of the durations of both. */
    public DurationHistogram merge(DurationHistogram other) {
        return merge(List.of(this, other));
    }

    /** Returns a histogram of the durations of all histograms. */
    public static DurationHistogram merge(Collection<DurationHistogram> histograms) {
        Merger merger = new Merger();
        histograms.forEach(merger::add);
        return merger.merged();
    }

    /** Merges histograms one at a time, so that they need not be in memory together. Not thread-safe. */
    public static final class Merger {

        private final long[] buckets = new long[HistogramBuckets.COUNT];
        private long sum;
        private long max;

        /** Adds the durations of a histogram. */
        public void add(DurationHistogram histogram) {
            for (int i = 0; i < histogram.indexes.length; i++) {
                int index = histogram.indexes[i];
                buckets[index] = plus(buckets[index], histogram.counts[i]);
            }
            sum = plus(sum, histogram.sum);
            max = Math.max(max, histogram.max);
        }

        /** {@return the durations of all histograms added so far} */
        public DurationHistogram merged() {
            return of(buckets, sum, max);
        }
    }

    /** {@return the histogram in its serialized form} */
    public Encoded<DurationHistogram> encoded() {
        return Encoded.histogram(HistogramBytes.write(indexes, counts, sum, max));
    }

    /** Returns a sum that stops at the bound; both summands are within it. */
    private static long plus(long a, long b) {
        return Math.min(a + b, MAX_VALUE);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DurationHistogram that
                && sum == that.sum
                && max == that.max
                && Arrays.equals(indexes, that.indexes)
                && Arrays.equals(counts, that.counts);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(indexes) + Arrays.hashCode(counts);
    }

    @Override
    public String toString() {
        return "DurationHistogram[count=" + count + ", p50=" + quantile(0.5) + " ns, p99=" + quantile(0.99)
                + " ns, max=" + max + " ns]";
    }
}

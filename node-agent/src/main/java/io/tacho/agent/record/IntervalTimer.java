// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.record;

import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.HistogramBuckets;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Count, sum, longest and histogram of durations, exact for each interval: every duration is in exactly one interval with all
 * of them.
 *
 * <p>The numbers are striped over cells. A writer owns a cell for the few instructions of one recording, by one
 * compare-and-set; if the cell is another's it takes the next, so writers pass each other, and whoever takes the interval
 * passes through them all without holding anyone up: buckets are exchanged for empty ones, and read after that.
 *
 * <p>Thread safety: any number of writers; one reader takes intervals, anybody reads the totals.
 */
final class IntervalTimer {

    /**
     * What happened in one interval.
     *
     * @param sum of all durations, nanoseconds
     * @param max the longest duration, nanoseconds
     * @param histogram of the durations; null where there are none, or no histogram is kept
     */
    record Interval(
            long count, long sum, long max, @Nullable DurationHistogram histogram) {

        /** Mean in whole nanoseconds; 0 where nothing happened. */
        long mean() {
            return count == 0 ? 0 : sum / count;
        }
    }

    /** What happened from the beginning; the sum in nanoseconds. */
    record Totals(long count, long sum) {}

    private final TimerCell[] cells = new TimerCell[Stripes.COUNT];
    private final boolean histograms;
    // always empty: changes places with a cell's buckets
    private int @Nullable [] spare;
    private long takenCount;
    private long takenSum;

    IntervalTimer(boolean histograms) {
        this.histograms = histograms;
        for (int i = 0; i < cells.length; i++) {
            cells[i] = TimerCell.create(histograms);
        }
        spare = histograms ? new int[HistogramBuckets.COUNT] : null;
    }

    /** Records one duration, limited to the bounds of a field. */
    void record(long elapsedNanos) {
        long nanos = Math.max(0, Math.min(elapsedNanos, DurationHistogram.MAX_VALUE));
        int home = Stripes.home();
        for (int i = home; ; i++) {
            TimerCell cell = cells[i & Stripes.MASK];
            if (cell.tryAcquire()) {
                cell.count++;
                cell.sum += nanos;
                if (nanos > cell.max) {
                    cell.max = nanos;
                }
                int[] buckets = cell.buckets;
                if (buckets != null) {
                    int index = HistogramBuckets.indexOf(nanos);
                    buckets[index]++;
                    cell.octaves |= 1 << (index / HistogramBuckets.PER_OCTAVE);
                }
                cell.release();
                return;
            }
            if (i - home >= Stripes.COUNT) {
                Thread.onSpinWait();
            }
        }
    }

    /** What was recorded since the last call. */
    Interval takeInterval() {
        long count = 0;
        long sum = 0;
        long max = 0;
        long[] merged = histograms ? new long[HistogramBuckets.COUNT] : null;
        for (TimerCell cell : cells) {
            acquire(cell);
            count += cell.count;
            sum += cell.sum;
            max = Math.max(max, cell.max);
            cell.max = 0;
            int octaves = cell.octaves;
            cell.octaves = 0;
            int[] buckets = cell.buckets;
            if (octaves != 0) {
                cell.buckets = spare;
            }
            cell.release();
            if (octaves != 0 && merged != null && buckets != null) {
                moveAll(octaves, buckets, merged);
                spare = buckets;
            }
        }
        long intervalCount = count - takenCount;
        // durations are positive: a negative difference is an overflow within the interval
        long intervalSum = sum - takenSum < 0 ? Long.MAX_VALUE : sum - takenSum;
        takenCount = count;
        takenSum = sum;
        return new Interval(
                intervalCount, intervalSum, max, intervalCount == 0 ? null : histogram(merged, intervalSum, max));
    }

    private static void moveAll(int octaves, int[] from, long[] to) {
        for (int rest = octaves; rest != 0; rest &= rest - 1) {
            int start = Integer.numberOfTrailingZeros(rest) * HistogramBuckets.PER_OCTAVE;
            int end = Math.min(start + HistogramBuckets.PER_OCTAVE, HistogramBuckets.COUNT);
            for (int i = start; i < end; i++) {
                to[i] += Integer.toUnsignedLong(from[i]);
                from[i] = 0;
            }
        }
    }

    private static @Nullable DurationHistogram histogram(long @Nullable [] buckets, long sum, long max) {
        if (buckets == null) {
            return null;
        }
        return DurationHistogram.of(buckets, Math.min(sum, DurationHistogram.MAX_VALUE), max);
    }

    /** Returns all that was ever recorded; the sum may have overflowed. */
    Totals totals() {
        long count = 0;
        long sum = 0;
        for (TimerCell cell : cells) {
            acquire(cell);
            count += cell.count;
            sum += cell.sum;
            cell.release();
        }
        return new Totals(count, sum);
    }

    private static void acquire(TimerCell cell) {
        while (!cell.tryAcquire()) {
            // the owner is within a few instructions of giving it back, unless it is not running
            LockSupport.parkNanos(1_000);
        }
    }
}

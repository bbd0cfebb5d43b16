// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.record;

import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.HistogramBuckets;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Measures durations: exact count, sum, maximum and histogram of each interval.
 *
 * <p><b>Problem.</b> Hundreds of threads record durations, millions per second. Every duration must be in exactly one interval,
 * with all four of its effects: a count without its sum falsifies the mean, a bucket without its count the quantiles. A lock
 * stops all writers while an interval is taken; independent atomic counters are cheap, but an interval taken between two of
 * them tears a duration apart.
 *
 * <p><b>Mechanism.</b> The numbers are striped over {@link TimerCell}s, which have an owner. A writer acquires a cell by one
 * compare-and-set, updates plain fields, and releases it by a store with release semantics. If the cell is in use it tries the
 * next one, so writers pass each other. The reader acquires one cell after the other by the same protocol. It copies count
 * and sum, which only grow, resets the maximum, and exchanges the buckets for an empty spare array. It reads the full array
 * after it has released the cell, so it owns a cell for a few instructions as well.
 *
 * <p><b>Invariants.</b>
 *
 * <ol>
 *   <li>Only the owner of a cell accesses its fields. The successful compare-and-set of an owner follows the release of its
 *       predecessor, so it sees all of the predecessor's writes.
 *   <li>At every release the four effects of each duration are all in the cell, or all taken by the reader.
 *   <li>{@code spare} is empty whenever no interval is being taken, and only the reader has a reference to it.
 *   <li>The bits of {@code octaves} cover all buckets in use, so the reader looks only at those ranges.
 * </ol>
 *
 * <p><b>Why intervals are exact.</b> By 1 a recording happens entirely before or entirely after the reader's visit to its
 * cell; by 2 it belongs to this interval, or to a later one. The reader visits each cell once per interval, so no duration is
 * counted twice. Count and sum of the interval are differences of totals that never decrease: nothing is reset, and nothing can
 * be lost. The cells are visited at slightly different times; that moves a duration that is recorded meanwhile to the next
 * interval, but never splits it. After the exchange no writer can reach the full array, so reading it needs no ownership.
 *
 * <p><b>Progress.</b> A writer that finds all cells in use spins through them again; there are four cells per CPU, so that needs
 * suspended owners in all of them. The reader waits for an owner without spinning: only a suspended thread makes it wait longer
 * than a few instructions.
 *
 * <p>Thread safety: any number of writers; one reader takes intervals, any thread reads the totals.
 */
final class IntervalTimer {

    /**
     * The durations of one interval.
     *
     * @param sum of all durations, nanoseconds
     * @param max the longest duration, nanoseconds
     * @param histogram of the durations; null if there are none, or no histogram is kept
     */
    record Interval(
            long count, long sum, long max, @Nullable DurationHistogram histogram) {

        /** {@return the mean in whole nanoseconds; 0 if there are no durations} */
        long mean() {
            return count == 0 ? 0 : sum / count;
        }
    }

    /** All durations since the start; the sum in nanoseconds. */
    record Totals(long count, long sum) {}

    private final TimerCell[] cells = new TimerCell[Stripes.COUNT];
    private final boolean histograms;
    // always empty: exchanged for the buckets of a cell
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
        record(elapsedNanos, 1);
    }

    /**
     * Records a duration several times.
     *
     * @param times at least 0; that times the duration must be in the bounds of a long
     */
    void record(long elapsedNanos, int times) {
        if (times == 0) {
            return;
        }
        long nanos = Math.max(0, Math.min(elapsedNanos, DurationHistogram.MAX_VALUE));
        int home = Stripes.home();
        for (int i = home; ; i++) {
            TimerCell cell = cells[i & Stripes.MASK];
            if (cell.tryAcquire()) {
                cell.count += times;
                cell.sum += nanos * times;
                if (nanos > cell.max) {
                    cell.max = nanos;
                }
                int[] buckets = cell.buckets;
                if (buckets != null) {
                    int index = HistogramBuckets.indexOf(nanos);
                    buckets[index] += times;
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

    /** Returns the durations that were recorded since the last call. */
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

    /** Returns the totals since the start; the sum may have overflowed. */
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
            // the owner releases it within a few instructions, unless it is suspended
            LockSupport.parkNanos(1_000);
        }
    }
}

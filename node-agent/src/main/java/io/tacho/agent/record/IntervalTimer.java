// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.record;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * Count, sum and longest of durations, exact for each interval: every duration is in exactly one interval with all three of
 * them.
 *
 * <p>The numbers are striped over cells. A writer owns a cell for the few instructions of one recording, by one
 * compare-and-set; if the cell is another's it takes the next, so writers pass each other, and whoever takes the interval
 * passes through them all without holding anyone up.
 *
 * <p>Thread safety: any number of writers; one reader takes intervals.
 */
final class IntervalTimer {

    /** What happened in one interval, in nanoseconds. */
    record Interval(long count, long sum, long max) {

        /** Mean in whole nanoseconds; 0 where nothing happened. */
        long mean() {
            return count == 0 ? 0 : sum / count;
        }
    }

    private static final int CELLS =
            Integer.highestOneBit(Math.max(2, Runtime.getRuntime().availableProcessors()) * 4 - 1) * 2;

    private final Cell[] cells = new Cell[CELLS];
    private long takenCount;
    private long takenSum;

    IntervalTimer() {
        for (int i = 0; i < CELLS; i++) {
            cells[i] = new Cell();
        }
    }

    /** Records one duration; a negative one counts as 0. */
    void record(long elapsedNanos) {
        long nanos = Math.max(0, elapsedNanos);
        int home = (int) Thread.currentThread().getId();
        for (int i = home; ; i++) {
            Cell cell = cells[i & (CELLS - 1)];
            if (cell.tryAcquire()) {
                cell.count++;
                cell.sum += nanos;
                if (nanos > cell.max) {
                    cell.max = nanos;
                }
                cell.release();
                return;
            }
            if (i - home >= CELLS) {
                Thread.onSpinWait();
            }
        }
    }

    /** What was recorded since the last call. */
    Interval takeInterval() {
        long count = 0;
        long sum = 0;
        long max = 0;
        for (Cell cell : cells) {
            while (!cell.tryAcquire()) {
                // the owner is within a few instructions of giving it back, unless it is not running
                LockSupport.parkNanos(1_000);
            }
            count += cell.count;
            sum += cell.sum;
            max = Math.max(max, cell.max);
            cell.max = 0;
            cell.release();
        }
        Interval interval = new Interval(count - takenCount, sum - takenSum, max);
        takenCount = count;
        takenSum = sum;
        return interval;
    }

    /** Padded so that two cells never share a pair of cache lines. */
    @SuppressWarnings({"unused", "UnusedVariable"})
    private static final class Cell {

        private static final VarHandle OWNED;

        static {
            try {
                OWNED = MethodHandles.lookup().findVarHandle(Cell.class, "owned", int.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        private volatile int owned;
        private long count;
        private long sum;
        private long max;
        private long p0;
        private long p1;
        private long p2;
        private long p3;
        private long p4;
        private long p5;
        private long p6;
        private long p7;
        private long p8;
        private long p9;
        private long p10;
        private long p11;

        boolean tryAcquire() {
            return OWNED.compareAndSet(this, 0, 1);
        }

        void release() {
            OWNED.setRelease(this, 0);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.record;

import io.tacho.sketch.HistogramBuckets;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** One stripe of an {@link IntervalTimer}, which describes the protocol: only the owner accesses the fields. */
class TimerCell {

    private static final VarHandle OWNED;

    static {
        try {
            OWNED = MethodHandles.lookup().findVarHandle(TimerCell.class, "owned", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("UnusedVariable") // accessed by the handle
    private volatile int owned;

    /** A bit for each power of two that has a bucket in use. */
    int octaves;

    long count;
    long sum;
    long max;
    int @Nullable [] buckets;

    private TimerCell(boolean histogram) {
        buckets = histogram ? new int[HistogramBuckets.COUNT] : null;
    }

    static TimerCell create(boolean histogram) {
        return new Padded(histogram);
    }

    final boolean tryAcquire() {
        return OWNED.compareAndSet(this, 0, 1);
    }

    final void release() {
        OWNED.setRelease(this, 0);
    }

    /** Keeps two cells off the same pair of cache lines; the JVM lays out these fields after those above. */
    @SuppressWarnings({"unused", "UnusedVariable"})
    private static final class Padded extends TimerCell {

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
        private long p12;
        private long p13;
        private long p14;
        private long p15;

        Padded(boolean histogram) {
            super(histogram);
        }
    }
}

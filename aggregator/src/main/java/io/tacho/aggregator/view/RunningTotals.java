// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import io.tacho.model.Field;
import io.tacho.model.NodeTotals;
import io.tacho.model.QualityFlags;
import io.tacho.model.TotalField;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What the cluster has counted since this aggregator started to follow it, and the peaks of its gauges, both updated with every
 * beat.
 *
 * <p>A counter is the sum of the differences between two successive beats of the same node. So it never decreases: a node that
 * leaves takes nothing away, and a node that is seen for the first time adds nothing, because its total may be of a time in
 * which this aggregator did not run. A total that has decreased was reset; then its new value is what was counted since. Only a
 * sum beyond 2^63 starts again.
 *
 * <p>A peak is the largest sum over all nodes at one time within the last one to two minutes, however rarely it is read.
 *
 * <p>Thread safety: safe.
 */
public final class RunningTotals {

    /** The gauges that have peaks. */
    public static final List<Field> PEAKS = List.of(Field.NUM_CLIENTS, Field.MEMORY_SYS, Field.CPU_USAGE);

    private static final long PERIOD_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final LongSupplier nanoTime;
    private final long[] counters = new long[TotalField.ALL.size()];
    private final long[] sums = new long[PEAKS.size()];
    private final long[] peaks = new long[PEAKS.size()];
    private final long[] earlierPeaks = new long[PEAKS.size()];
    private long periodStart;

    RunningTotals(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        periodStart = nanoTime.getAsLong();
    }

    synchronized void added(KnownNode node, long nowNanos) {
        beginPeriodIfOver(nowNanos);
        for (int i = 0; i < sums.length; i++) {
            change(i, number(node, i));
        }
    }

    synchronized void removed(KnownNode node, long nowNanos) {
        beginPeriodIfOver(nowNanos);
        for (int i = 0; i < sums.length; i++) {
            change(i, -number(node, i));
        }
    }

    synchronized void updated(KnownNode before, KnownNode after, long nowNanos) {
        beginPeriodIfOver(nowNanos);
        for (int i = 0; i < sums.length; i++) {
            change(i, number(after, i) - number(before, i));
        }
        NodeTotals last = before.envelope().totals();
        NodeTotals next = after.envelope().totals();
        // an entry of the store that overrides a later message is no reset
        if (last != null && next != null && after.seq() > before.seq()) {
            QualityFlags lastQuality = before.envelope().status().quality();
            QualityFlags nextQuality = after.envelope().status().quality();
            if (lastQuality.isEmpty() && nextQuality.isEmpty()) {
                count(last, next);
            } else {
                countAvailable(last, lastQuality, next, nextQuality);
            }
        }
    }

    /** Leaves out fields that become available: their first total is the start of counting. */
    private void countAvailable(NodeTotals last, QualityFlags lastQuality, NodeTotals next, QualityFlags nextQuality) {
        for (int i = 0; i < counters.length; i++) {
            TotalField total = TotalField.ALL.get(i);
            if (lastQuality.isAvailable(total.field()) && nextQuality.isAvailable(total.field())) {
                add(i, difference(total.of(last), total.of(next)));
            }
        }
    }

    private static long number(KnownNode node, int peak) {
        return node.envelope().snapshot().number(PEAKS.get(peak));
    }

    private void change(int peak, long difference) {
        sums[peak] += difference;
        peaks[peak] = Math.max(peaks[peak], sums[peak]);
    }

    /** In the order of {@link TotalField}, without a loop: it runs with every beat. */
    private void count(NodeTotals last, NodeTotals next) {
        add(0, difference(last.numMsgPublished(), next.numMsgPublished()));
        add(1, difference(last.numMsgQueued(), next.numMsgQueued()));
        add(2, difference(last.numMsgSent(), next.numMsgSent()));
        add(3, difference(last.numApiRequests(), next.numApiRequests()));
        add(4, difference(last.numClientRequests(), next.numClientRequests()));
        add(5, difference(last.bytesClientIn(), next.bytesClientIn()));
        add(6, difference(last.bytesClientOut(), next.bytesClientOut()));
        add(7, difference(last.timeApiSum(), next.timeApiSum()));
        add(8, difference(last.timeClientSum(), next.timeClientSum()));
    }

    /** A sum that is too large for a long starts again, as a counter that was reset: nanoseconds of a busy cluster can get there in days. */
    private void add(int counter, long difference) {
        long sum = counters[counter] + difference;
        counters[counter] = sum < 0 ? difference : sum;
    }

    private static long difference(long before, long after) {
        return after >= before ? after - before : after;
    }

    private void beginPeriodIfOver(long now) {
        long age = now - periodStart;
        if (age < PERIOD_NANOS) {
            return;
        }
        for (int i = 0; i < sums.length; i++) {
            earlierPeaks[i] = age < 2 * PERIOD_NANOS ? peaks[i] : sums[i];
            peaks[i] = sums[i];
        }
        periodStart = now;
    }

    /** {@return what the nodes have counted while this aggregator followed them; decreases only beyond 2^63} */
    public synchronized long counter(TotalField field) {
        return counters[TotalField.ALL.indexOf(field)];
    }

    /**
     * Returns the largest sum of a gauge within the last one to two minutes.
     *
     * @throws IllegalArgumentException if the field has no peaks
     */
    public synchronized long peak(Field gauge) {
        int index = PEAKS.indexOf(gauge);
        if (index < 0) {
            throw new IllegalArgumentException(gauge.wireName() + ": no peak (expected: one of " + PEAKS + ")");
        }
        beginPeriodIfOver(nanoTime.getAsLong());
        return Math.max(peaks[index], earlierPeaks[index]);
    }
}

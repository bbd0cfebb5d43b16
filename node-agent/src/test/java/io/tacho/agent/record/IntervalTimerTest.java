// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.agent.record.IntervalTimer.Interval;
import io.tacho.sketch.DurationHistogram;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class IntervalTimerTest {

    private static final int WRITERS = 4;
    private static final int EVENTS = 200_000;

    private final IntervalTimer timer = new IntervalTimer(true);
    private final IntervalTimer plain = new IntervalTimer(false);

    @Test
    void takeInterval_concurrentWriters_areCountedExactly() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        List<Future<?>> writers = new ArrayList<>();
        for (int w = 0; w < WRITERS; w++) {
            int writer = w;
            writers.add(threads.submit(() -> {
                for (int i = 0; i < EVENTS; i++) {
                    timer.record(duration(writer, i));
                }
            }));
        }
        List<Interval> intervals = new ArrayList<>();
        while (!writers.stream().allMatch(Future::isDone)) {
            intervals.add(timer.takeInterval());
        }
        for (Future<?> writer : writers) {
            writer.get();
        }
        threads.shutdown();
        intervals.add(timer.takeInterval());

        long sum = 0;
        long max = 0;
        for (int w = 0; w < WRITERS; w++) {
            for (int i = 0; i < EVENTS; i++) {
                sum += duration(w, i);
                max = Math.max(max, duration(w, i));
            }
        }
        long longest = max;
        assertThat(intervals.stream().mapToLong(Interval::count).sum()).isEqualTo((long) WRITERS * EVENTS);
        assertThat(intervals.stream().mapToLong(Interval::sum).sum()).isEqualTo(sum);
        assertThat(intervals.stream().filter(interval -> interval.max() == longest))
                .as("intervals that contain the longest duration")
                .hasSize(1);
        assertThat(intervals).allSatisfy(interval -> {
            assertThat(interval.max()).isGreaterThanOrEqualTo(interval.mean());
            assertThat(interval.count() == 0).isEqualTo(interval.max() == 0);
            assertThat(interval.sum()).isLessThanOrEqualTo(interval.count() * interval.max());
            DurationHistogram histogram = histogram(interval);
            assertThat(histogram.count()).isEqualTo(interval.count());
            assertThat(histogram.sum()).isEqualTo(interval.sum());
            assertThat(histogram.max()).isEqualTo(interval.max());
        });
        assertThat(timer.totals()).isEqualTo(new IntervalTimer.Totals((long) WRITERS * EVENTS, sum));
    }

    @Test
    void takeInterval_hasHistogramOfInterval() {
        timer.record(1_000);
        timer.record(2_000_000);
        DurationHistogram first = histogram(timer.takeInterval());
        timer.record(70_000_000_000L);
        DurationHistogram second = histogram(timer.takeInterval());
        timer.record(Long.MAX_VALUE);
        timer.record(Long.MAX_VALUE);
        DurationHistogram clamped = histogram(timer.takeInterval());

        assertThat(new long[] {first.count(), first.sum(), first.max()}).containsExactly(2, 2_001_000, 2_000_000);
        assertThat(first.quantile(0.5)).isBetween(990L, 1_010L);
        assertThat(new long[] {second.count(), second.sum(), second.max()})
                .containsExactly(1, 70_000_000_000L, 70_000_000_000L);
        assertThat(new long[] {clamped.count(), clamped.sum(), clamped.max()})
                .containsExactly(2, DurationHistogram.MAX_VALUE, DurationHistogram.MAX_VALUE);
        assertThat(histogram(timer.takeInterval())).isSameAs(DurationHistogram.EMPTY);
    }

    private static DurationHistogram histogram(Interval interval) {
        return interval.histogram() == null ? DurationHistogram.EMPTY : interval.histogram();
    }

    /** Returns a unique, positive duration. */
    private static long duration(int writer, int event) {
        return (long) event * WRITERS + writer + 1;
    }

    @Test
    void record_negativeDuration_isZero() {
        plain.record(-5);
        plain.record(6);

        assertThat(plain.takeInterval()).isEqualTo(new Interval(2, 6, 6, null));
    }

    @Test
    void takeInterval_noEvents_isEmpty() {
        assertThat(timer.takeInterval()).isEqualTo(new Interval(0, 0, 0, null));
        assertThat(timer.takeInterval().mean()).isZero();
    }
}

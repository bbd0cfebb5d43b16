// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.model.NodeTotals;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.HistogramBuckets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * More threads than cores write continuously while windows are taken continuously: the windows add up exactly to what was
 * written, in every number and bucket. {@code -Dtacho.stress.events=2000000000} sets the number of events.
 */
class RecorderStressTest {

    private static final long EVENTS = Long.getLong("tacho.stress.events", 12_000_000);
    // more writers than stripes, so that each stripe has several writers
    private static final int WRITERS = 2 * Stripes.COUNT + 1;

    private final IntervalRecorder recorder = new IntervalRecorder();
    private final Sums taken = new Sums();
    private final Sums written = new Sums();

    /** The sums of all events. */
    private static final class Sums {

        long published;
        long queued;
        long sent;
        long in;
        long out;
        long api;
        long client;
        long clientSum;
        long longest;
        int windows;
        final List<DurationHistogram> histograms = new ArrayList<>();

        void add(RecordedInterval interval) {
            published += interval.numMsgPublished();
            queued += interval.numMsgQueued();
            sent += interval.numMsgSent();
            in += interval.bytesClientIn();
            out += interval.bytesClientOut();
            api += interval.api().count();
            client += interval.client().count();
            if (interval.client().histogram() != null) {
                DurationHistogram times = interval.client().histogram().decode();
                assertThat(times.count()).isEqualTo(interval.client().count());
                assertThat(times.max()).isEqualTo(interval.client().max());
                assertThat(times.sum() / interval.client().count())
                        .isEqualTo(interval.client().mean());
                clientSum += times.sum();
                histograms.add(times);
                if (histograms.size() > 1_000) {
                    merge();
                }
            }
            longest = Math.max(longest, interval.client().max());
            windows++;
        }

        void add(Sums other) {
            published += other.published;
            queued += other.queued;
            sent += other.sent;
            in += other.in;
            out += other.out;
            api += other.api;
            client += other.client;
            clientSum += other.clientSum;
            longest = Math.max(longest, other.longest);
            histograms.addAll(other.histograms);
        }

        DurationHistogram merge() {
            DurationHistogram merged = DurationHistogram.merge(histograms);
            histograms.clear();
            histograms.add(merged);
            return merged;
        }
    }

    /** Writes random events and returns their sums. */
    private Sums write(long events, long seed) {
        Sums sums = new Sums();
        long[] buckets = new long[HistogramBuckets.COUNT];
        long random = seed;
        for (long i = 0; i < events; i += 7) {
            random ^= random << 13;
            random ^= random >>> 7;
            random ^= random << 17;
            // from a few nanoseconds to two seconds
            long nanos = (random & 0xFFFF) << (random >>> 60);
            recorder.clientRequest(nanos);
            recorder.apiRequest(nanos);
            recorder.messagePublished();
            recorder.messagesQueued(random & 7);
            recorder.messageSent();
            recorder.bytesIn(random & 0xFFF);
            recorder.bytesOut(nanos & 0xFFF);
            sums.client++;
            sums.clientSum += nanos;
            sums.api++;
            sums.published++;
            sums.queued += random & 7;
            sums.sent++;
            sums.in += random & 0xFFF;
            sums.out += nanos & 0xFFF;
            sums.longest = Math.max(sums.longest, nanos);
            buckets[HistogramBuckets.indexOf(nanos)]++;
        }
        sums.histograms.add(DurationHistogram.of(buckets, sums.clientSum, sums.longest));
        return sums;
    }

    @Test
    void windows_moreThreadsThanCores_sumIsExact() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        CountDownLatch enoughWindows = new CountDownLatch(20);
        List<Future<Sums>> writers = new ArrayList<>();
        for (int w = 0; w < WRITERS; w++) {
            long seed = 0x9E3779B97F4A7C15L * (w + 1);
            writers.add(threads.submit(() -> {
                Sums sums = write(EVENTS / WRITERS, seed);
                // on a loaded machine all events may be written before enough windows have ended
                for (long more = 1; enoughWindows.getCount() > 0; more++) {
                    sums.add(write(7_000, seed + more));
                }
                return sums;
            }));
        }
        while (!writers.stream().allMatch(Future::isDone)) {
            taken.add(recorder.takeInterval());
            enoughWindows.countDown();
        }
        for (Future<Sums> writer : writers) {
            written.add(writer.get());
        }
        threads.shutdown();

        verify(10);
    }

    /** The threads are virtual on JDK 21 and later. */
    @Test
    void windows_shortLivedThreads_sumIsExact() throws Exception {
        int threads = 4_000;
        CountDownLatch ended = new CountDownLatch(threads);
        AtomicLong failures = new AtomicLong();
        for (int t = 0; t < threads; t++) {
            long seed = 0x9E3779B97F4A7C15L * (t + 1);
            start(() -> {
                try {
                    Sums sums = write(700, seed);
                    synchronized (written) {
                        written.add(sums);
                    }
                } catch (Throwable e) {
                    failures.incrementAndGet();
                } finally {
                    ended.countDown();
                }
            });
            if (t % 16 == 0) {
                taken.add(recorder.takeInterval());
            }
        }
        ended.await();

        assertThat(failures).hasValue(0);
        verify(100);
    }

    private static void start(Runnable task) throws Exception {
        try {
            Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, task);
        } catch (NoSuchMethodException e) {
            new Thread(task).start();
        }
    }

    private void verify(int minWindows) {
        taken.add(recorder.takeInterval());

        assertThat(taken.windows).isGreaterThan(minWindows);
        assertThat(taken.published).isEqualTo(written.published);
        assertThat(taken.queued).isEqualTo(written.queued);
        assertThat(taken.sent).isEqualTo(written.sent);
        assertThat(taken.in).isEqualTo(written.in);
        assertThat(taken.out).isEqualTo(written.out);
        assertThat(taken.api).isEqualTo(written.api);
        assertThat(taken.client).isEqualTo(written.client);
        assertThat(taken.clientSum).isEqualTo(written.clientSum);
        assertThat(taken.longest).isEqualTo(written.longest);
        assertThat(taken.merge()).isEqualTo(written.merge());
        assertThat(recorder.takeInterval()).isEqualTo(RecordedInterval.EMPTY);
        assertThat(recorder.totals())
                .isEqualTo(new NodeTotals(
                        written.published,
                        written.queued,
                        written.sent,
                        written.api,
                        written.client,
                        written.in,
                        written.out,
                        written.clientSum,
                        written.clientSum));
    }
}

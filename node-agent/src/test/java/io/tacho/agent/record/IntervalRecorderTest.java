// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeTotals;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;

class IntervalRecorderTest {

    private static final int WRITERS = 4;
    private static final int EVENTS = 200_000;

    private final IntervalRecorder recorder = new IntervalRecorder();

    @Test
    void takeInterval_concurrentWriters_areCountedExactly() throws Exception {
        List<RecordedInterval> intervals = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        List<Future<?>> writers = new ArrayList<>();
        for (int w = 0; w < WRITERS; w++) {
            writers.add(threads.submit(() -> {
                for (int i = 0; i < EVENTS; i++) {
                    recorder.messagePublished();
                    recorder.messagesQueued(2);
                    recorder.messageSent();
                    recorder.bytesIn(3);
                    recorder.bytesOut(5);
                    // all durations are equal, so mean times count is exactly the sum
                    recorder.apiRequest(70);
                    recorder.clientRequest(11);
                }
            }));
        }
        while (!writers.stream().allMatch(Future::isDone)) {
            intervals.add(recorder.takeInterval());
        }
        for (Future<?> writer : writers) {
            writer.get();
        }
        threads.shutdown();
        intervals.add(recorder.takeInterval());

        long events = (long) WRITERS * EVENTS;
        assertThat(intervals).hasSizeGreaterThan(10);
        assertThat(sum(intervals, RecordedInterval::numMsgPublished)).isEqualTo(events);
        assertThat(sum(intervals, RecordedInterval::numMsgQueued)).isEqualTo(2 * events);
        assertThat(sum(intervals, RecordedInterval::numMsgSent)).isEqualTo(events);
        assertThat(sum(intervals, RecordedInterval::bytesClientIn)).isEqualTo(3 * events);
        assertThat(sum(intervals, RecordedInterval::bytesClientOut)).isEqualTo(5 * events);
        assertThat(sum(intervals, interval -> interval.api().count())).isEqualTo(events);
        assertThat(sum(intervals, interval -> interval.client().count())).isEqualTo(events);
        assertThat(sum(intervals, i -> i.api().mean() * i.api().count())).isEqualTo(70 * events);
        assertThat(sum(intervals, i -> i.client().mean() * i.client().count())).isEqualTo(11 * events);
        assertThat(recorder.takeInterval()).isEqualTo(RecordedInterval.EMPTY);
    }

    @Test
    void takeInterval_hasMeanAndMaxOfInterval() {
        recorder.apiRequest(500_000_000);
        recorder.clientRequest(10);
        recorder.clientRequest(40);
        RecordedInterval first = recorder.takeInterval();
        recorder.apiRequest(7);
        RecordedInterval second = recorder.takeInterval();

        assertThat(first.api().max()).isEqualTo(500_000_000);
        assertThat(first.client().mean()).isEqualTo(25);
        assertThat(first.client().max()).isEqualTo(40);
        assertThat(second.api().max()).isEqualTo(7);
        assertThat(second.api().mean()).isEqualTo(7);
        assertThat(second.client().max()).isZero();
    }

    @Test
    void totals_increaseWithEveryEvent_notResetByTakeInterval() {
        recorder.messagesPublished(1);
        recorder.messagesQueued(2);
        recorder.messagesSent(3);
        recorder.bytesIn(4);
        recorder.bytesOut(5);
        recorder.apiRequest(6);
        recorder.clientRequest(7);
        recorder.takeInterval();
        recorder.messagePublished();
        recorder.apiRequest(60);

        assertThat(recorder.totals()).isEqualTo(new NodeTotals(2, 2, 3, 2, 1, 4, 5, 66, 7));
    }

    @Test
    void totals_extremeValues_areClamped() {
        recorder.bytesOut(Long.MAX_VALUE);
        recorder.messagesSent(Long.MAX_VALUE);
        recorder.messagesSent(2);
        recorder.apiRequest(Long.MAX_VALUE);
        recorder.apiRequest(Long.MAX_VALUE);

        assertThat(recorder.totals().bytesClientOut()).isEqualTo(NodeSnapshot.MAX_VALUE);
        assertThat(recorder.totals().numMsgSent())
                .as("total wraps around, like a restart")
                .isEqualTo(1);
        assertThat(recorder.totals().timeApiSum()).isEqualTo(2 * NodeSnapshot.MAX_VALUE);
    }

    @Test
    void totals_afterExtremeValues_increaseIsExact() {
        for (int i = 0; i < 3_000; i++) {
            recorder.messagesSent(Long.MAX_VALUE);
            recorder.apiRequest(Long.MAX_VALUE);
            recorder.takeInterval();
        }
        NodeTotals before = recorder.totals();
        recorder.messagesSent(5);
        recorder.apiRequest(7);

        NodeTotals after = recorder.totals();
        assertThat(after.numMsgSent() - before.numMsgSent()).isEqualTo(5);
        assertThat(after.timeApiSum() - before.timeApiSum()).isEqualTo(7);
        RecordedInterval interval = recorder.takeInterval();
        assertThat(interval.numMsgSent()).isEqualTo(5);
        assertThat(interval.api().mean()).isEqualTo(7);
    }

    @Test
    void interval_overflow_isMaximum() {
        for (int i = 0; i < 1_030; i++) {
            recorder.messagesSent(Long.MAX_VALUE);
            recorder.apiRequest(Long.MAX_VALUE);
        }

        NodeTotals sums = recorder.takeInterval().sums();
        assertThat(sums.numMsgSent()).isEqualTo(NodeSnapshot.MAX_VALUE);
        assertThat(sums.timeApiSum()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void ids_null_areIgnored() {
        recorder.userConnected(null);
        recorder.userDisconnected(null);
        recorder.channelSubscribed(null);
        recorder.channelUnsubscribed(null);

        assertThat(recorder.users().total()).isZero();
        assertThat(recorder.channels().distinct()).isZero();
    }

    @Test
    void histograms_areOfInterval_orNullIfDisabled() {
        IntervalRecorder plain = new IntervalRecorder(false);
        recorder.apiRequest(1_000_000);
        plain.apiRequest(1_000_000);

        RecordedInterval interval = recorder.takeInterval();

        assertThat(interval.api().histogram()).isNotNull();
        assertThat(interval.api().histogram().decode().count()).isEqualTo(1);
        assertThat(interval.client().histogram()).isNull();
        assertThat(plain.takeInterval().api().histogram()).isNull();
    }

    @Test
    void counts_negative_areIgnored() {
        recorder.messagesPublished(-1);
        recorder.messagesQueued(Long.MIN_VALUE);
        recorder.messagesSent(-2);
        recorder.bytesIn(-3);
        recorder.bytesOut(-4);

        assertThat(recorder.takeInterval()).isEqualTo(RecordedInterval.EMPTY);
    }

    @Test
    void extremeValues_areClamped() {
        for (int i = 0; i < 3; i++) {
            recorder.messagesPublished(Long.MAX_VALUE);
            recorder.bytesOut(Long.MAX_VALUE);
            recorder.apiRequest(Long.MAX_VALUE);
            recorder.clientRequest(Long.MIN_VALUE);

            NodeSnapshot.Builder snapshot = NodeSnapshot.builder("u1", "n");
            recorder.takeInterval().forEach(snapshot::set);

            NodeSnapshot metrics = snapshot.build();

            assertThat(metrics.number(Field.NUM_MSG_PUBLISHED)).isEqualTo(NodeSnapshot.MAX_VALUE);
            assertThat(metrics.number(Field.TIME_API_MAX)).isEqualTo(NodeSnapshot.MAX_VALUE);
            assertThat(metrics.number(Field.TIME_CLIENT_MAX)).isZero();
            assertThat(metrics.number(Field.NUM_CLIENT_REQUESTS)).isEqualTo(1);
        }
    }

    @Test
    void extremeValues_overflow_nextIntervalIsExact() {
        for (int i = 0; i < 5; i++) {
            recorder.messagesSent(Long.MAX_VALUE);
            recorder.messagesSent(Long.MAX_VALUE);
            recorder.clientRequest(Long.MAX_VALUE);
            recorder.clientRequest(Long.MAX_VALUE);
            assertThat(recorder.takeInterval().client().count()).isEqualTo(2);
        }
        recorder.messageSent();
        recorder.clientRequest(9);

        RecordedInterval next = recorder.takeInterval();
        assertThat(next.numMsgSent()).isEqualTo(1);
        assertThat(next.client().mean()).isEqualTo(9);
    }

    private static long sum(List<RecordedInterval> intervals, ToLongFunction<RecordedInterval> field) {
        return intervals.stream().mapToLong(field).sum();
    }
}

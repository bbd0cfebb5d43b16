// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.tacho.model.Extra;
import io.tacho.model.Extras;
import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeTotals;
import io.tacho.model.RequestKind;
import io.tacho.model.WindowDetail;
import io.tacho.sketch.DurationHistogram;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordedIntervalTest {

    private static Map<Field, Long> numbers() {
        Map<Field, Long> numbers = new EnumMap<>(Field.class);
        Field.NUMBERS.stream()
                .filter(field -> field.isOfWindow() && field != Field.CPU_USAGE)
                .forEach(field -> numbers.put(field, 100L + field.ordinal()));
        return numbers;
    }

    private static Map<Field, Long> fields(RecordedInterval interval) {
        Map<Field, Long> fields = new EnumMap<>(Field.class);
        interval.forEach((field, value) -> assertThat(fields.put(field, value)).isNull());
        return fields;
    }

    private static DurationHistogram durations(long... nanos) {
        IntervalRecorder recorder = new IntervalRecorder();
        for (long each : nanos) {
            recorder.apiRequest(each);
        }
        return recorder.takeInterval().api().histogram().decodeIfReadable().orElseThrow();
    }

    @Test
    void fields_haveRecordedNumbers() {
        assertThat(fields(RecordedInterval.of(numbers(), 5, 6))).isEqualTo(numbers());
        assertThat(fields(RecordedInterval.EMPTY))
                .hasSize(11)
                .allSatisfy((field, value) -> assertThat(value).isZero());
    }

    @Test
    void fields_areClampedToTheirBounds() {
        Map<Field, Long> numbers = numbers();
        numbers.put(Field.NUM_MSG_SENT, Long.MAX_VALUE);
        numbers.put(Field.TIME_API_MAX, -1L);

        RecordedInterval interval = RecordedInterval.of(numbers, -1, Long.MAX_VALUE);

        assertThat(fields(interval))
                .containsEntry(Field.NUM_MSG_SENT, NodeSnapshot.MAX_VALUE)
                .containsEntry(Field.TIME_API_MAX, 0L);
        assertThat(interval.sums().number(Field.NUM_MSG_SENT)).isEqualTo(NodeSnapshot.MAX_VALUE);
        assertThat(interval.sums().nanos(RequestKind.API)).isZero();
    }

    @Test
    void sums_haveCountersAndTimes() {
        NodeTotals sums = RecordedInterval.of(numbers(), 5, 6).sums();

        numbers().forEach((field, value) -> {
            if (field.kind() == Field.Kind.COUNTER) {
                assertThat(sums.number(field)).as(field.wireName()).isEqualTo(value);
            }
        });
        assertThat(sums.nanos(RequestKind.API)).isEqualTo(5);
        assertThat(sums.nanos(RequestKind.CLIENT)).isEqualTo(6);
    }

    @Test
    void withMore_addsToCountersOnly() {
        RecordedInterval more = RecordedInterval.of(numbers(), 5, 6).withMore(field -> 1_000);

        fields(more)
                .forEach((field, value) -> assertThat(value)
                        .as(field.wireName())
                        .isEqualTo(numbers().get(field) + (field.kind() == Field.Kind.COUNTER ? 1_000 : 0)));
        assertThat(more.api().sum()).isEqualTo(5);
    }

    @Test
    void withMore_counterAtMaximum_doesNotOverflow() {
        RecordedInterval full = RecordedInterval.of(Map.of(Field.NUM_API_REQUESTS, Long.MAX_VALUE), 0, 0);

        assertThat(fields(full.withMore(field -> NodeSnapshot.MAX_VALUE)))
                .containsEntry(Field.NUM_API_REQUESTS, NodeSnapshot.MAX_VALUE);
    }

    @Test
    void with_histogramsAndExtraValues_areInTheDetail() {
        DurationHistogram api = durations(1_000, 2_000_000);
        Extras counted = new Extras(Map.of("errors", Extra.counter(1, 2)));
        RecordedInterval interval = RecordedInterval.EMPTY.with(api, null, counted);

        WindowDetail detail = interval.detail(null, null, new Extras(Map.of("queue", Extra.gauge(3))));

        assertThat(detail.timeApi().decode()).isEqualTo(api);
        assertThat(detail.timeClient()).isNull();
        assertThat(detail.extras().byName()).containsOnlyKeys("errors", "queue");
        assertThat(interval.api().count()).as("fields are unchanged").isZero();
    }

    @Test
    void timerCell_hasOneOwner() {
        TimerCell cell = TimerCell.create(true);

        assertThat(cell.tryAcquire()).isTrue();
        assertThat(cell.tryAcquire()).isFalse();
        cell.release();
        assertThat(cell.tryAcquire()).isTrue();
        assertThat(cell.buckets).isNotNull();
        assertThat(TimerCell.create(false).buckets).isNull();
    }

    @Test
    void noOpRecorder_acceptsAllCalls() {
        StatsRecorder none = NoRecorder.INSTANCE;

        assertThatCode(() -> {
                    none.messagePublished();
                    none.messagesQueued(Long.MAX_VALUE);
                    none.messagesSent(-1);
                    none.apiRequest(-1);
                    none.clientRequest(Long.MAX_VALUE);
                    none.bytesIn(1);
                    none.bytesOut(1);
                    none.userConnected("u");
                    none.userDisconnected("never connected");
                    none.channelSubscribed("c");
                    none.channelUnsubscribed("never subscribed");
                    none.counter("any name").add(5);
                })
                .doesNotThrowAnyException();
    }
}

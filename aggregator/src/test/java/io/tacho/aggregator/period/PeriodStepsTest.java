// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.period;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.history.HistoryField;
import io.tacho.aggregator.history.HistoryStep;
import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.RequestKind;
import io.tacho.model.period.Peak;
import io.tacho.model.period.PeriodSummary;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.Encoded;
import io.tacho.sketch.HyperLogLog;
import io.tacho.testing.Summaries;
import io.tacho.testing.Windows;
import java.math.BigInteger;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PeriodStepsTest {

    private final TreeMap<String, BigInteger> numbers = new TreeMap<>();
    private final Map<Field, Peak> peaks = new EnumMap<>(Field.class);
    private Encoded<DurationHistogram> times;
    private Encoded<HyperLogLog> users;

    private PeriodStepsTest with(String name, long value) {
        numbers.put(name, BigInteger.valueOf(value));
        return this;
    }

    private Long get(HistoryField field) {
        HistoryStep step =
                PeriodSteps.of(new PeriodSummary(numbers, new TreeMap<>(), peaks, times, times, users, null));
        return step.get(field);
    }

    @ParameterizedTest
    @CsvSource({"600, 60, 10", "629, 60, 10", "630, 60, 11", "0, 60, 0", "59, 0, 0"})
    void gauge_isTheMeanOfTheCoveredTime(long integral, long seconds, long mean) {
        with("seconds", seconds).with("num_clients_seconds", integral).with("node_seconds", integral);

        assertThat(get(HistoryField.NUM_CLIENTS)).isEqualTo(mean);
        assertThat(get(HistoryField.NODES)).isEqualTo(mean);
        assertThat(get(HistoryField.SECONDS)).isEqualTo(seconds);
    }

    @Test
    void counter_isTheSum() {
        with("num_msg_sent", 7);

        assertThat(get(HistoryField.NUM_MSG_SENT)).isEqualTo(7);
        assertThat(get(HistoryField.NUM_MSG_QUEUED)).isZero();
    }

    @Test
    void number_beyondTheFieldLimit_isTheLimit() {
        numbers.put("num_msg_sent", BigInteger.TWO.pow(70));
        numbers.put("memory_sys_seconds", BigInteger.TWO.pow(90));
        with("seconds", 60);
        peaks.put(Field.NUM_MSG_SENT, new Peak(Long.MAX_VALUE, 60));

        assertThat(get(HistoryField.NUM_MSG_SENT)).isEqualTo(NodeSnapshot.MAX_VALUE);
        assertThat(get(HistoryField.MEMORY_SYS)).isEqualTo(NodeSnapshot.MAX_VALUE);
        assertThat(get(HistoryField.NUM_MSG_SENT_PEAK)).isEqualTo(NodeSnapshot.MAX_VALUE);
    }

    @Test
    void peak_hasTheTimeOfTheMaximum() {
        peaks.put(Field.NUM_CLIENTS, new Peak(9, 1_795_368_000));

        assertThat(get(HistoryField.NUM_CLIENTS_PEAK)).isEqualTo(9);
        assertThat(get(HistoryField.NUM_CLIENTS_PEAK_TIME)).isEqualTo(1_795_368_000);
        assertThat(get(HistoryField.NUM_CHANNELS_PEAK)).isNull();
    }

    @Test
    void distinctUsers_ofAllWindows_haveAnEstimateWithinBounds() {
        users = Summaries.users(0, 1_000).encoded();
        with("node_windows", 4).with("users_nodes", 4).with("max_unique_clients", 5_000);

        assertThat(get(HistoryField.NUM_UNIQUE_CLIENTS)).isBetween(970L, 1_030L);
        assertThat(get(HistoryField.NUM_UNIQUE_CLIENTS_LOWER)).isLessThan(get(HistoryField.NUM_UNIQUE_CLIENTS));
        assertThat(get(HistoryField.NUM_UNIQUE_CLIENTS_UPPER)).isGreaterThan(get(HistoryField.NUM_UNIQUE_CLIENTS));
    }

    @Test
    void distinctUsers_withoutAllSketches_areAtLeastThoseOfTheLargestNode() {
        users = Summaries.users(0, 1_000).encoded();
        with("node_windows", 4).with("users_nodes", 3).with("max_unique_clients", 5_000);

        assertThat(get(HistoryField.NUM_UNIQUE_CLIENTS)).isNull();
        assertThat(get(HistoryField.NUM_UNIQUE_CLIENTS_UPPER)).isNull();
        assertThat(get(HistoryField.NUM_UNIQUE_CLIENTS_LOWER)).isEqualTo(5_000);

        with("max_unique_clients", 5);
        assertThat(get(HistoryField.NUM_UNIQUE_CLIENTS_LOWER))
                .as("users of the other nodes")
                .isBetween(900L, 1_000L);
    }

    @Test
    void distinctUsers_ofAnUnreadableSketch_areAtLeastThoseOfTheLargestNode() {
        users = Encoded.hyperLogLog(new byte[] {1, 2, 3});
        with("node_windows", 4).with("users_nodes", 3).with("max_unique_clients", 5);

        assertThat(get(HistoryField.NUM_UNIQUE_CLIENTS_LOWER)).isEqualTo(5);
        assertThat(get(HistoryField.NUM_UNIQUE_CLIENTS)).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void times_haveMeanMaximumAndQuantiles(RequestKind kind) {
        times = Windows.histogram(100, 100, 400).encoded();
        String requests = kind == RequestKind.API ? "time_api" : "time_client";
        with(kind.count().wireName(), 3)
                .with(requests + "_sum", 601)
                .with(kind.max().wireName(), 400);
        String prefix = "TIME_" + kind;

        assertThat(get(HistoryField.valueOf(prefix + "_MEAN"))).isEqualTo(200);
        assertThat(get(HistoryField.valueOf(prefix + "_MAX"))).isEqualTo(400);
        assertThat(get(HistoryField.valueOf(prefix + "_P50"))).isBetween(99L, 104L);
        assertThat(get(HistoryField.valueOf(prefix + "_P999"))).isBetween(395L, 405L);
    }

    @Test
    void times_withoutRequests_areUnknown() {
        times = DurationHistogram.EMPTY.encoded();

        assertThat(get(HistoryField.TIME_API_MEAN)).isNull();
        assertThat(get(HistoryField.TIME_API_MAX)).isNull();
        assertThat(get(HistoryField.TIME_API_P50)).isNull();
        with("time_api_max", 9);
        assertThat(get(HistoryField.TIME_API_MAX))
                .as("maximum of a node without a histogram")
                .isEqualTo(9);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.tacho.model.Field;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrendTest {

    private static JsonNode beat(long clients) {
        return JsonNodeFactory.instance.objectNode().put("num_clients", clients).put("cpu_usage", 7);
    }

    private static Trend trend(long... clients) {
        Trend trend = Trend.NONE;
        for (long each : clients) {
            trend = trend.with(beat(each));
        }
        return trend;
    }

    @Test
    void noBeats_sparklineIsEmpty() {
        assertThat(Trend.NONE.sparkline(Field.NUM_CLIENTS)).isEmpty();
    }

    @Test
    void sparkline_isRelativeToTheLargestValue() {
        assertThat(trend(0, 10, 20, 35, 70).sparkline(Field.NUM_CLIENTS)).isEqualTo("▁▂▃▅█");
    }

    @Test
    void zeros_areTheLowestBar() {
        assertThat(trend(0, 0, 0).sparkline(Field.NUM_CLIENTS)).isEqualTo("▁▁▁");
    }

    @Test
    void missingField_isZero() {
        assertThat(trend(1, 2).sparkline(Field.MEMORY_SYS)).isEqualTo("▁▁");
    }

    @Test
    void fields_areIndependent() {
        assertThat(trend(0, 100).sparkline(Field.CPU_USAGE)).isEqualTo("██");
    }

    @Test
    void largestNumbers_doNotOverflow() {
        assertThat(trend(1, Long.MAX_VALUE, (1L << 53) - 1).sparkline(Field.NUM_CLIENTS))
                .isEqualTo("▁█▁");
    }

    @Test
    void beats_onlyTheLastAreRetained() {
        Trend trend = Trend.NONE;
        for (int i = 0; i < 100; i++) {
            trend = trend.with(beat(i < 100 - Trend.LENGTH ? 1_000_000 : 5));
        }

        assertThat(trend.sparkline(Field.NUM_CLIENTS)).isEqualTo("█".repeat(Trend.LENGTH));
    }

    @Test
    void trend_isImmutable() {
        Trend before = trend(1, 2);
        before.with(beat(1_000));

        assertThat(before.sparkline(Field.NUM_CLIENTS)).hasSize(2).endsWith("█");
    }

    @ParameterizedTest
    @CsvSource({"-clients, num_clients", "name, num_clients", "state, num_clients", "-cpu, cpu_usage"})
    void shownField_isTheSortColumn_orClients(String sort, String field) {
        assertThat(Trend.shownFor(NodeSort.parse(sort)).wireName()).isEqualTo(field);
    }
}

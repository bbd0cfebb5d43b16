// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

import static io.tacho.aggregator.history.Clusters.EPOCH;
import static io.tacho.aggregator.history.Clusters.window;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tacho.model.ClusterWindow;
import io.tacho.model.Extra;
import io.tacho.model.Extras;
import io.tacho.model.WindowDetail;
import io.tacho.testing.Windows;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class StepExtrasTest {

    private final WindowCache cache = new WindowCache();
    private final HistoryReader reader = new HistoryReader(cache, () -> Instant.ofEpochSecond(EPOCH + 1_000_000));

    private static ClusterWindow minute(int number, Map<String, Extra> extras) {
        return window(60, EPOCH + 60L * number, 3, 1, WindowDetail.NONE).toBuilder()
                .extras(Extras.Merged.NONE.with(extras))
                .build();
    }

    /** The extra values of a step of that many minutes. */
    private Map<String, StepExtra> step(ClusterWindow... windows) {
        cache.put(List.of(windows));
        return reader.read(new HistorySpan(EPOCH, EPOCH + 60L * windows.length, 60L * windows.length))
                .steps()
                .get(0)
                .extras();
    }

    private static StepExtra one(String kind, String rule, long value) {
        return new StepExtra(kind, rule, List.of(value));
    }

    @Test
    void rules_areAppliedOverTime() {
        Map<String, StepExtra> step = step(
                minute(
                        0,
                        Map.of(
                                "subs", Extra.gauge(70),
                                "jobs", Extra.counter(3, 3),
                                "queue", Extra.gauge(Extra.MAX, 9),
                                "config", Extra.gauge(Extra.LAST, 5))),
                minute(
                        1,
                        Map.of(
                                "subs", Extra.gauge(80),
                                "jobs", Extra.counter(4, 7),
                                "queue", Extra.gauge(Extra.MAX, 2),
                                "config", Extra.gauge(Extra.LAST, 4))));

        assertThat(step)
                .containsEntry("subs", one("gauge", "sum", 75))
                .containsEntry("jobs", one("counter", "sum", 7))
                .containsEntry("queue", one("gauge", "max", 9))
                .containsEntry("config", one("gauge", "last", 4));
    }

    @Test
    void durations_quantilesCoverTheWholeStep() {
        long[] low = LongStream.rangeClosed(1, 98).map(i -> i * 1_000_000).toArray();
        Map<String, StepExtra> step = step(
                minute(0, Map.of("ping", Extra.timer(Windows.histogram(low)))),
                minute(1, Map.of("ping", Extra.timer(Windows.histogram(99_000_000, 5_000_000_000L)))));

        StepExtra ping = step.get("ping");
        assertThat(ping.columns()).containsExactly("count", "p50", "p90", "p99", "p999", "max");
        assertThat(ping.numbers().get(0)).isEqualTo(100);
        assertThat(ping.numbers().get(1)).isCloseTo(50_000_000, within(500_000L));
        assertThat(ping.numbers().get(3)).isCloseTo(99_000_000, within(1_000_000L));
        assertThat(ping.numbers().get(5)).isEqualTo(5_000_000_000L);
    }

    @Test
    void windowsWithoutAValue_countAsZero_evenOfEarlierVersions() {
        Map<String, StepExtra> step = step(
                minute(0, Map.of()),
                minute(1, Map.of("clients{name=\"js\"}", Extra.gauge(9), "jobs", Extra.counter(2, 2))),
                minute(2, Map.of()));

        assertThat(step)
                .containsEntry("clients{name=\"js\"}", one("gauge", "sum", 3))
                .containsEntry("jobs", one("counter", "sum", 2));
    }

    @Test
    void kindOrRuleChanges_lastWindowWins() {
        Map<String, StepExtra> step = step(
                minute(0, Map.of("n", Extra.counter(100, 100))), minute(1, Map.of("n", Extra.gauge(Extra.MAX, 7))));

        assertThat(step).containsExactly(Map.entry("n", one("gauge", "max", 7)));
    }

    @Test
    void windowsOfTwoIntervals_areSeparateNodes() {
        ClusterWindow long120 = window(120, EPOCH, 1, 1, WindowDetail.NONE).toBuilder()
                .extras(Extras.Merged.NONE.with(Map.of("subs", Extra.gauge(1_000))))
                .build();

        cache.put(List.of(
                minute(0, Map.of("subs", Extra.gauge(10))), minute(1, Map.of("subs", Extra.gauge(20))), long120));
        HistoryStep step =
                reader.read(new HistorySpan(EPOCH, EPOCH + 120, 120)).steps().get(0);

        assertThat(step.extras()).containsEntry("subs", one("gauge", "sum", 1_015));
    }

    @Test
    void omittedCount_isTheSumOverTheWindows() {
        cache.put(List.of(
                minute(0, Map.of()).toBuilder()
                        .extras(Extras.Merged.NONE.withLeftOut(3))
                        .build(),
                minute(1, Map.of()).toBuilder()
                        .extras(Extras.Merged.NONE.withLeftOut(4))
                        .build()));

        assertThat(reader.read(new HistorySpan(EPOCH, EPOCH + 120, 60)).extrasLeftOut())
                .isEqualTo(7);
    }
}

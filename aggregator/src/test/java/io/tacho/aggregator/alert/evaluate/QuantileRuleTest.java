// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.model.Quality;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.HistogramBuckets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests rules about quantiles in windows without requests, which have no durations. */
class QuantileRuleTest {

    private static final long SLOW_NANOS = 800_000_000;
    private static final DurationHistogram SLOW = histogram(SLOW_NANOS);

    private static DurationHistogram histogram(long nanos) {
        long[] buckets = new long[HistogramBuckets.COUNT];
        buckets[HistogramBuckets.indexOf(nanos)] = 1;
        return DurationHistogram.of(buckets, nanos, nanos);
    }

    private static void slow(Evaluations rule, String name, long window) {
        rule.beatWithRequests(name, window, 1, Quality.EXACT, SLOW);
    }

    private static void idle(Evaluations rule, String name, long window) {
        rule.beatWithRequests(name, window, 0, Quality.EXACT, null);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void windowWithoutRequests_resolves(boolean publishesEmptyHistograms) {
        Evaluations rule = new Evaluations("time_api_p99 > 500ms").loaded();
        slow(rule, "a", 1);
        assertThat(rule.now()).containsKey("uid-a");

        rule.beatWithRequests("a", 2, 0, Quality.EXACT, publishesEmptyHistograms ? DurationHistogram.EMPTY : null);

        assertThat(rule.now()).isEmpty();
        assertThat(rule.reasonToResolve("a")).isEqualTo("no requests in the window");
    }

    @Test
    void windowWithoutRequests_isBetweenWindowsThatAreNotConsecutive() {
        Evaluations rule = new Evaluations("time_api_p99 > 500ms for 2 windows").loaded();
        slow(rule, "a", 1);
        assertThat(rule.now()).isEmpty();
        idle(rule, "a", 2);
        assertThat(rule.now()).isEmpty();
        slow(rule, "a", 3);
        assertThat(rule.now()).isEmpty();

        slow(rule, "a", 4);

        assertThat(rule.now()).containsKey("uid-a");
    }

    @Test
    void windowWithoutRequests_doesNotViolateAnUpperLimit() {
        Evaluations rule = new Evaluations("time_api_p99 < 500ms").loaded();
        idle(rule, "a", 1);

        assertThat(rule.now()).isEmpty();
    }

    @Test
    void windowWithRequestsWithoutHistogram_isUnknown() {
        Evaluations rule = new Evaluations("time_api_p99 > 500ms").loaded();
        slow(rule, "a", 1);
        rule.now();
        rule.beatWithRequests("a", 2, 7, Quality.EXACT, null);

        rule.now();

        assertThat(rule.reasonToResolve("a")).as("keeps firing").isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"UNAVAILABLE", "STALE"})
    void windowWithAnUnknownNumberOfRequests_isUnknown(Quality quality) {
        Evaluations rule = new Evaluations("time_api_p99 > 500ms").loaded();
        slow(rule, "a", 1);
        rule.now();
        rule.beatWithRequests("a", 2, 0, quality, null);

        rule.now();

        assertThat(rule.reasonToResolve("a")).as("keeps firing").isNull();
    }

    @Test
    void multipleOfTheMedian_windowWithoutRequests_resolves() {
        Evaluations rule = new Evaluations("time_api_p99 > 3x median").loaded();
        for (String peer : new String[] {"b", "c", "d"}) {
            rule.beatWithRequests(peer, 1, 1, Quality.EXACT, histogram(1_000_000));
        }
        slow(rule, "a", 1);
        assertThat(rule.now()).containsOnlyKeys("uid-a");

        idle(rule, "a", 2);

        assertThat(rule.now()).isEmpty();
        assertThat(rule.reasonToResolve("a")).isEqualTo("no requests in the window");
    }

    @Test
    void clusterWithoutRequests_resolves_andIsBetweenWindowsThatAreNotConsecutive() {
        Evaluations rule = new Evaluations("cluster time_api_p99 > 500ms for 2 windows").loaded();
        rule.afterAWindow();
        slow(rule, "a", 1);
        idle(rule, "b", 1);
        assertThat(rule.afterAWindow()).isEmpty();
        slow(rule, "a", 2);
        assertThat(rule.afterAWindow()).containsKey("");

        idle(rule, "a", 3);
        assertThat(rule.afterAWindow()).isEmpty();
        assertThat(rule.reasonToResolve("")).isEqualTo("no requests in the window");

        slow(rule, "a", 4);
        assertThat(rule.afterAWindow()).isEmpty();
    }

    @Test
    void clusterWithANodeOfUnknownRequests_isUnknown() {
        Evaluations rule = new Evaluations("cluster time_api_p99 > 500ms").loaded();
        rule.afterAWindow();
        slow(rule, "a", 1);
        idle(rule, "b", 1);
        assertThat(rule.afterAWindow()).containsKey("");

        rule.beatWithRequests("a", 2, 7, Quality.EXACT, null);
        rule.afterAWindow();

        assertThat(rule.reasonToResolve("")).as("keeps firing").isNull();
    }
}

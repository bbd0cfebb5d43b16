// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that rules about the cluster count each window once. */
class ClusterWindowTest {

    /** A rule over a violating cluster, at 10 s after the end of a window plus a step of the clock. */
    private static Evaluations violated(String windows, Duration step) {
        Evaluations rule = new Evaluations("cluster num_clients > 10 for " + windows).loaded();
        rule.ticker.stepClock(step);
        rule.beat("a", 1, 12);
        return rule;
    }

    private static void assertFiring(Map<String, Violation> violations) {
        assertThat(violations).containsKey("");
    }

    @Test
    void startBeforeAllNodesHavePublishedTheWindow_countsItOnce() {
        Evaluations rule = violated("2 windows", Duration.ofSeconds(-6));
        assertThat(rule.now()).isEmpty();
        assertThat(rule.after(Duration.ofSeconds(1))).isEmpty();

        assertFiring(rule.afterAWindow());
    }

    @ParameterizedTest
    @CsvSource({"-10, 5", "-9, 4", "-6, 1", "-5, 0", "0, 0", "49, 0"})
    void start_firesWithinThePublishDelay_andKeepsAnEarlierAlertFiring(int stepSeconds, int expectedDelaySeconds) {
        Evaluations rule = violated("1 window", Duration.ofSeconds(stepSeconds));
        Map<String, Violation> violations = rule.now();
        for (int second = 0; second < expectedDelaySeconds; second++) {
            assertThat(violations).isEmpty();
            assertThat(rule.reasonToResolve("")).as("keeps firing").isNull();
            violations = rule.after(Duration.ofSeconds(1));
        }

        assertFiring(violations);
    }

    @Test
    void start_keepsAnEarlierAlertFiring_untilANormalWindow() {
        Evaluations rule = violated("3 windows", Duration.ZERO);
        rule.now();
        assertThat(rule.reasonToResolve("")).as("one violated window").isNull();
        rule.beat("a", 2, 1);
        rule.afterAWindow();

        assertThat(rule.reasonToResolve("")).isEqualTo("num_clients 1");
    }

    @Test
    void clockStepsBackIntoTheWindowBefore_countsNoWindowTwice() {
        Evaluations rule = violated("3 windows", Duration.ZERO);
        rule.now();
        assertThat(rule.afterAWindow()).isEmpty();
        rule.ticker.stepClock(Duration.ofSeconds(-20));
        assertThat(rule.now()).isEmpty();
        assertThat(rule.after(Duration.ofSeconds(20))).isEmpty();

        assertFiring(rule.afterAWindow());
    }

    @Test
    void clockStepsBackByAnHour_continuesWithTheNextWindow() {
        Evaluations rule = violated("2 windows", Duration.ZERO);
        rule.now();
        rule.ticker.stepClock(Duration.ofHours(-1));
        assertThat(rule.now()).isEmpty();

        assertFiring(rule.afterAWindow());
    }
}

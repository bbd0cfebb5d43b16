// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.testing.CapturedLog;
import io.tacho.testing.ManualTicker;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Isolated("reads the log")
class ClusterClockTest {

    private final ManualTicker ticker = new ManualTicker();
    private final ClusterClock clock = new ClusterClock(ticker, ticker);

    @Test
    void millis_withoutStore_isHostClock() {
        clock.observe(0);
        ticker.stepClock(Duration.ofHours(1));

        assertThat(clock.millis()).isEqualTo(ticker.millis());
    }

    @Test
    void millis_clocksAgree_isHostClock() {
        clock.observe(ticker.millis() + 50_000);

        assertThat(clock.millis()).isEqualTo(ticker.millis());
    }

    @ParameterizedTest
    @ValueSource(ints = {-3_600, -61, 61, 3_600})
    void millis_afterHostClockStep_isStoreClock(int seconds) {
        clock.observe(ticker.millis());
        long before = ticker.millis();
        ticker.stepClock(Duration.ofSeconds(seconds));
        ticker.advance(Duration.ofSeconds(10));

        assertThat(clock.millis()).as("before the next beat").isEqualTo(before + 10_000);

        ticker.stepClock(Duration.ofSeconds(-seconds));
        assertThat(clock.millis()).isEqualTo(ticker.millis());
    }

    @Test
    void observe_clockDifference_isLoggedOncePerChange() {
        try (CapturedLog log = CapturedLog.of(ClusterClock.class)) {
            clock.observe(ticker.millis() - 3_600_000);
            clock.observe(ticker.millis() - 3_600_000);
            clock.observe(ticker.millis());
            clock.observe(ticker.millis());

            assertThat(log.lines())
                    .containsExactly(
                            "WARN the clock of this host differs from Redis' by 3600 s; windows are dated by Redis'",
                            "INFO the clocks of this host and of Redis agree again");
        }
    }
}

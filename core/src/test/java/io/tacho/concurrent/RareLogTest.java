// SPDX-License-Identifier: Apache-2.0
package io.tacho.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.testing.ManualTicker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RareLogTest {

    @Test
    void isDue_onceAMinuteAndKind() {
        ManualTicker ticker = new ManualTicker();
        RareLog log = new RareLog(ticker);
        assertThat(log.isDue("a")).isTrue();
        assertThat(log.isDue("a")).isFalse();
        assertThat(log.isDue("b")).isTrue();

        ticker.advance(Duration.ofMinutes(1));

        assertThat(log.isDue("a")).isTrue();
        assertThat(log.isDue("a")).isFalse();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.testing.ManualTicker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RecentCounterTest {

    private final ManualTicker ticker = new ManualTicker();
    private final RecentCounter count = new RecentCounter(ticker);

    @Test
    void recent_excludesCountsOlderThanTheWindow() {
        count.increment();
        ticker.advance(Duration.ofMinutes(5));
        count.increment();
        assertThat(count.recent()).isEqualTo(2);

        ticker.advance(Duration.ofMinutes(5));
        assertThat(count.recent()).isEqualTo(1);
        ticker.advance(Duration.ofDays(30));

        assertThat(count.recent()).isZero();
        assertThat(count.total()).isEqualTo(2);
    }
}

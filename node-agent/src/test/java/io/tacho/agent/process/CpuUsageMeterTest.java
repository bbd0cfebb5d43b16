// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.testing.ManualTicker;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CpuUsageMeterTest {

    private final AtomicLong cpuTime = new AtomicLong(TimeUnit.HOURS.toNanos(3));
    private final ManualTicker ticker = new ManualTicker();
    private final CpuUsageMeter meter = new CpuUsageMeter(cpuTime::get, ticker, Duration.ofHours(12));

    private long after(Duration passed, Duration used) {
        ticker.advance(passed);
        cpuTime.addAndGet(used.toNanos());
        return meter.takeInterval();
    }

    @Test
    void firstInterval_startsWithProcess() {
        assertThat(meter.peek()).isEqualTo(25);
        assertThat(meter.takeInterval()).isEqualTo(25);
    }

    @Test
    void peek_doesNotEndInterval() {
        meter.takeInterval();
        ticker.advance(Duration.ofSeconds(10));
        cpuTime.addAndGet(Duration.ofSeconds(5).toNanos());

        assertThat(meter.peek()).isEqualTo(50);
        assertThat(after(Duration.ofSeconds(10), Duration.ofSeconds(5))).isEqualTo(50);
    }

    @Test
    void takeInterval_excludesEarlierIntervals() {
        meter.takeInterval();

        assertThat(after(Duration.ofSeconds(10), Duration.ofSeconds(5))).isEqualTo(50);
        assertThat(after(Duration.ofSeconds(10), Duration.ofSeconds(25))).isEqualTo(250);
        assertThat(after(Duration.ofSeconds(10), Duration.ZERO)).isZero();
    }

    @Test
    void takeInterval_rounds() {
        meter.takeInterval();

        assertThat(after(Duration.ofSeconds(1), Duration.ofMillis(14))).isEqualTo(1);
        assertThat(after(Duration.ofSeconds(1), Duration.ofMillis(16))).isEqualTo(2);
    }

    @Test
    void takeInterval_zeroOrUnknownTime_isZero() {
        meter.takeInterval();

        assertThat(after(Duration.ZERO, Duration.ofSeconds(1))).isZero();
        assertThat(after(Duration.ofSeconds(1), Duration.ofSeconds(-1))).isZero();
    }
}

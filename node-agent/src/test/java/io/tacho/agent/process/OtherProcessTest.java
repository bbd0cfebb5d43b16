// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.testing.ManualTicker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OtherProcessTest {

    private static final long STARTED_SECONDS = 100;

    private final ManualTicker ticker = new ManualTicker();
    private final InstantSource clock = InstantSource.fixed(Instant.ofEpochSecond(STARTED_SECONDS + 20));
    private @Nullable ProcessNumbers sample;
    private final OtherProcess process = new OtherProcess(() -> Optional.ofNullable(sample), clock, ticker);

    @BeforeEach
    void start() {
        sample(7, 1);
    }

    private void sample(int pid, int cpuSeconds) {
        sample =
                new ProcessNumbers(pid, 3, 1_000, Duration.ofSeconds(cpuSeconds).toNanos(), STARTED_SECONDS);
        process.refresh();
    }

    @Test
    void firstWindow_hasCpuSinceTheStartOfTheProcess() {
        assertThat(process.isThere()).isTrue();
        assertThat(process.threads()).hasValue(3);
        assertThat(process.residentBytes()).hasValue(1_000);
        assertThat(process.startedAtSeconds()).hasValue(STARTED_SECONDS);
        assertThat(process.cpuUsage()).hasValue(5);
    }

    @Test
    void cpuUsage_isOfTheLastWindow() {
        process.endWindow();
        ticker.advance(Duration.ofSeconds(10));
        sample(7, 5);
        assertThat(process.cpuUsage()).as("the window has not ended").hasValue(5);

        process.endWindow();
        assertThat(process.cpuUsage()).hasValue(40);
    }

    @Test
    void anotherProcess_startsAgain() {
        process.endWindow();
        sample(8, 2);
        assertThat(process.cpuUsage()).hasValue(10);
    }

    @Test
    void endedProcess_hasNoValues() {
        process.endWindow();
        sample = null;
        process.refresh();

        assertThat(process.isThere()).isFalse();
        assertThat(process.cpuUsage()).isEmpty();
        assertThat(process.threads()).isEmpty();
        process.endWindow();
        assertThat(process.cpuUsage()).isEmpty();
    }
}

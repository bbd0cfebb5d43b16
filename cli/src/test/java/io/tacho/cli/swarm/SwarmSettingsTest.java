// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SwarmSettingsTest {

    @Test
    void of_defaults() {
        assertThat(SwarmSettings.of(10, null, null, 1, 0, null))
                .isEqualTo(
                        new SwarmSettings(10, Duration.ofSeconds(5), Duration.ofSeconds(15), 1, 0, Duration.ZERO, 0));
        assertThat(SwarmSettings.of(10, Duration.ofSeconds(1), null, 1, 0, null).ttl())
                .isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void outOfBounds_rejectedWithFoundAndExpected() {
        rejected(0, 5_000, 15_000, 1, 0, "nodes: 0 (expected: 1 to 100000)");
        rejected(100_001, 5_000, 15_000, 1, 0, "nodes: 100001 (expected: 1 to 100000)");
        rejected(1, 99, 15_000, 1, 0, "interval: 99ms (expected: 100ms to 60s)");
        rejected(1, 60_001, 180_000, 1, 0, "interval: 60001ms (expected: 100ms to 60s)");
        rejected(1, 5_000, 9_999, 1, 0, "ttl: 9999ms (expected: at least two intervals, 10s, at most 24h)");
        rejected(1, 5_000, 15_000, 65, 0, "connections: 65 (expected: 1 to 64)");
        rejected(1, 5_000, 15_000, 1, 2, "churn: 2 (expected: 0 to 1)");
    }

    @Test
    void history_bounds() {
        assertThat(SwarmSettings.of(1, null, null, 1, 0, Duration.ofMinutes(1)).history())
                .isEqualTo(Duration.ofMinutes(1));
        assertThatThrownBy(() -> SwarmSettings.of(1, null, null, 1, 0, Duration.ofSeconds(59)))
                .hasMessage("history: 59s (expected: 0s, or 1m to 720h)");
    }

    @Test
    void detail_bounds() {
        SwarmSettings settings = SwarmSettings.of(1, null, null, 1, 0, null);

        assertThat(settings.withDetailBytes(32 * 1_024).detailBytes()).isEqualTo(32 * 1_024);
        assertThatThrownBy(() -> settings.withDetailBytes(32 * 1_024 + 1))
                .hasMessage("detail: 32769B (expected: 0 to 32768B)");
    }

    private static void rejected(int nodes, long intervalMillis, long ttlMillis, int links, int churn, String message) {
        assertThatThrownBy(() -> new SwarmSettings(
                        nodes,
                        Duration.ofMillis(intervalMillis),
                        Duration.ofMillis(ttlMillis),
                        links,
                        churn,
                        Duration.ZERO,
                        0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.cli.swarm.RoundTrips.Percentiles;
import org.junit.jupiter.api.Test;

class RoundTripsTest {

    private final RoundTrips roundTrips = new RoundTrips();

    @Test
    void take_percentilesAreAtMostAnEighthTooHigh() {
        for (int i = 1; i <= 1_000; i++) {
            roundTrips.record(i * 1_000L);
        }
        Percentiles taken = roundTrips.take();
        assertThat(taken.count()).isEqualTo(1_000);
        assertThat(taken.p50Nanos()).isBetween(500_000L, 500_000 * 9 / 8L);
        assertThat(taken.p99Nanos()).isBetween(990_000L, 990_000 * 9 / 8L);
    }

    @Test
    void take_beginsAnew() {
        roundTrips.record(5);
        roundTrips.take();
        assertThat(roundTrips.take()).isEqualTo(new Percentiles(0, 0, 0));
    }

    @Test
    void record_extremes() {
        roundTrips.record(-1);
        roundTrips.record(Long.MAX_VALUE);
        assertThat(roundTrips.take().count()).isEqualTo(2);
    }
}

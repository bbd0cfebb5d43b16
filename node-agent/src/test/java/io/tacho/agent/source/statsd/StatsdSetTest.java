// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.statsd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class StatsdSetTest {

    private final StatsdSet set = new StatsdSet();

    private void add(int from, int to) {
        for (int i = from; i < to; i++) {
            set.add("user_" + i);
        }
    }

    @Test
    void repeatedValues_areCountedOnce() {
        assertThat(set.size()).isZero();
        add(0, 5);
        add(3, 7);

        assertThat(set.size()).isEqualTo(7);
    }

    @Test
    void size_upToLimit_isExact() {
        add(0, StatsdSet.MAX_EXACT);
        add(0, StatsdSet.MAX_EXACT);

        assertThat(set.size()).isEqualTo(StatsdSet.MAX_EXACT);
    }

    @Test
    void size_aboveLimit_isEstimate_unchangedByKnownValues() {
        add(0, 2 * StatsdSet.MAX_EXACT);
        long size = set.size();
        add(0, StatsdSet.MAX_EXACT);

        assertThat(size).isCloseTo(2 * StatsdSet.MAX_EXACT, within(2 * StatsdSet.MAX_EXACT / 25L));
        assertThat(set.size()).isEqualTo(size);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.MemoryUsage;
import org.junit.jupiter.api.Test;

class HeapTrimmerTest {

    private static final long INITIAL = 48_000_000;

    private long committed = INITIAL;
    private long left = INITIAL;
    private int collected;
    private final HeapTrimmer trimmer = new HeapTrimmer(
            () -> new MemoryUsage(INITIAL, 10_000_000, committed, 1_000_000_000), this::collectAll);

    private void collectAll() {
        collected++;
        committed = left;
    }

    private void trim(int times) {
        for (int i = 0; i < times; i++) {
            trimmer.trim();
        }
    }

    @Test
    void heapOfTheStart_isCollected() {
        left = 16_000_000;

        trim(10);

        assertThat(committed).isEqualTo(16_000_000);
        assertThat(collected).as("until it shrinks no more").isEqualTo(2);
    }

    @Test
    void heapThatHasNotGrown_isLeftAlone() {
        trim(1);
        committed = INITIAL + 1_000_000;

        trim(10);

        assertThat(collected).isEqualTo(1);
    }

    /** With traffic of 100,000 nodes as well as without any. */
    @Test
    void flood_isCollectedUntilTheHeapShrinksNoMore() {
        trim(1);
        committed = 500_000_000;
        left = 300_000_000;
        trim(1);
        assertThat(committed).isEqualTo(300_000_000);
        left = 60_000_000;
        trim(1);
        assertThat(committed).isEqualTo(60_000_000);
        int before = collected;

        trim(10);

        assertThat(collected).isEqualTo(before + 1);
    }

    @Test
    void heapThatIsNeeded_isNotCollectedAgainUntilItGrows() {
        left = 200_000_000;
        committed = left;
        trim(10);
        assertThat(collected).isEqualTo(1);

        committed = 300_000_000;
        trim(1);

        assertThat(collected).isEqualTo(2);
    }
}

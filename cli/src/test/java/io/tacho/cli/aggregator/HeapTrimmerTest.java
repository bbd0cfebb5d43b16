// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.MemoryUsage;
import org.junit.jupiter.api.Test;

class HeapTrimmerTest {

    private static final long INITIAL = 48_000_000;

    private long committed = INITIAL;
    private long collections;
    private long left = INITIAL;
    private int collected;
    private final HeapTrimmer trimmer = new HeapTrimmer(
            () -> new MemoryUsage(INITIAL, 10_000_000, committed, 1_000_000_000), () -> collections, this::collectAll);

    private void collectAll() {
        collected++;
        committed = left;
    }

    @Test
    void heapThatHasNotGrown_isLeftAlone() {
        committed = INITIAL + 1_000_000;

        trimmer.trim();

        assertThat(collected).isZero();
    }

    @Test
    void flood_isCollectedOnceItIsOver() {
        committed = 500_000_000;
        collections += HeapTrimmer.MAX_COLLECTIONS + 1;
        trimmer.trim();
        assertThat(collected).as("while there is traffic").isZero();

        trimmer.trim();
        trimmer.trim();

        assertThat(collected).isEqualTo(1);
        assertThat(committed).isEqualTo(INITIAL);
    }

    @Test
    void heapThatIsNeeded_isNotCollectedAgainUntilItGrows() {
        left = 200_000_000;
        committed = left;
        trimmer.trim();
        trimmer.trim();
        assertThat(collected).isEqualTo(1);

        committed = 300_000_000;
        trimmer.trim();

        assertThat(collected).isEqualTo(2);
    }
}

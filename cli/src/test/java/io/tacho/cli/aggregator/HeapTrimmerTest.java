// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.MemoryUsage;
import org.junit.jupiter.api.Test;

class HeapTrimmerTest {

    private static final long INITIAL = 48_000_000;

    private long committed = INITIAL;
    private long collections;
    private long left = 16_000_000;
    private int collected;
    private final HeapTrimmer trimmer = new HeapTrimmer(
            () -> new MemoryUsage(INITIAL, 10_000_000, committed, 1_000_000_000), () -> collections, this::collectAll);

    private void collectAll() {
        collected++;
        committed = left;
    }

    @Test
    void heapOfTheStart_isCollectedOnce() {
        trimmer.trim();
        trimmer.trim();

        assertThat(committed).isEqualTo(16_000_000);
        assertThat(collected).isEqualTo(1);
    }

    @Test
    void heapOfTheStart_ofALargeCluster_isLeftAlone() {
        for (int interval = 0; interval < 10; interval++) {
            collections += HeapTrimmer.MAX_COLLECTIONS + 1;
            trimmer.trim();
        }

        assertThat(collected).isZero();
    }

    @Test
    void heapThatHasHardlyGrown_isLeftAlone() {
        trimmer.trim();
        committed = 23_000_000;

        trimmer.trim();

        assertThat(collected).isEqualTo(1);
    }

    @Test
    void flood_isCollectedOnceItIsOver() {
        trimmer.trim();
        committed = 500_000_000;
        collections += HeapTrimmer.MAX_COLLECTIONS + 1;
        trimmer.trim();
        assertThat(collected).as("while there is traffic").isEqualTo(1);

        trimmer.trim();
        trimmer.trim();

        assertThat(collected).isEqualTo(2);
        assertThat(committed).isEqualTo(16_000_000);
    }

    @Test
    void heapThatIsNeeded_isNotCollectedAgainUntilItGrows() {
        left = 200_000_000;
        committed = left;
        trimmer.trim();
        trimmer.trim();
        assertThat(collected).isEqualTo(1);

        committed = 310_000_000;
        trimmer.trim();

        assertThat(collected).isEqualTo(2);
    }
}

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

    /** The number of intervals with few allocations before a collection. */
    private void trim(int intervals) {
        for (int interval = 0; interval < intervals; interval++) {
            trimmer.trim();
        }
    }

    @Test
    void startup_heapIsCollectedOnce() {
        trim(100);

        assertThat(committed).isEqualTo(16_000_000);
        assertThat(collected).isEqualTo(1);
    }

    @Test
    void startup_largeCluster_heapIsNotCollected() {
        for (int interval = 0; interval < 10; interval++) {
            collections += HeapTrimmer.MAX_COLLECTIONS + 1;
            trimmer.trim();
        }

        assertThat(collected).isZero();
    }

    @Test
    void heapHardlyGrown_isNotCollected() {
        trimmer.trim();
        committed = 23_000_000;

        trim(100);

        assertThat(collected).isEqualTo(1);
    }

    @Test
    void traffic_heapIsCollectedOnceItEnds() {
        trimmer.trim();
        committed = 500_000_000;
        for (int interval = 0; interval < 100; interval++) {
            collections += HeapTrimmer.MAX_COLLECTIONS + 1;
            trimmer.trim();
        }
        assertThat(collected).as("while there is traffic").isEqualTo(1);

        trimmer.trim();

        assertThat(collected).isEqualTo(2);
        assertThat(committed).isEqualTo(16_000_000);
    }

    /** Lost nodes stay in the view until their TTL expires. */
    @Test
    void lostNodes_heapIsCollectedOnceTheyHaveExpired() {
        trimmer.trim();
        committed = 500_000_000;
        left = 400_000_000;
        trim(HeapTrimmer.MIN_PAUSE + 1);
        assertThat(committed).isEqualTo(400_000_000);

        left = 16_000_000;
        trim(2 * HeapTrimmer.MIN_PAUSE + 1);

        assertThat(committed).isEqualTo(16_000_000);
        assertThat(collected).isEqualTo(3);
    }

    @Test
    void flood_afterBackoff_isCollectedSoon() {
        trimmer.trim();
        left = 60_000_000;
        committed = left;
        trim(2_000);

        committed = 500_000_000;
        trim(HeapTrimmer.MIN_PAUSE + 1);

        assertThat(committed).isEqualTo(60_000_000);
    }

    @Test
    void heapInUse_isCollectedWithExponentialBackoff() {
        trimmer.trim();
        left = 200_000_000;
        committed = left;

        trim(7 * HeapTrimmer.MIN_PAUSE + 3);
        assertThat(collected).as("collected again after 6, 12 and 24 intervals").isEqualTo(4);
        trim(20 * HeapTrimmer.MAX_PAUSE);

        assertThat(collected).isBetween(20, 30);
    }
}

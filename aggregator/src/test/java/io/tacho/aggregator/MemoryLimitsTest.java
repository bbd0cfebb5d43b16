// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacho.aggregator.history.NodeSeries;
import io.tacho.aggregator.history.WindowCache;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryLimitsTest {

    private static final long MIB = 1_024 * 1_024;

    @ParameterizedTest
    @ValueSource(longs = {32, 64, 128, 256, 512, 4_096})
    void ofHeap_detailHistoryAndSeries_takeAtMostHalfOfTheHeap(long heap) {
        MemoryLimits limits = MemoryLimits.ofHeap(heap * MIB);

        assertThat(limits.detailBytes()
                        + limits.historyBytes()
                        + (long) limits.seriesWindows() * NodeSeries.BYTES_OF_A_WINDOW)
                .isLessThan(heap * MIB / 2);
    }

    @Test
    void ofHeap_largeHeap_largestLimits() {
        assertThat(MemoryLimits.ofHeap(4_096 * MIB))
                .isEqualTo(new MemoryLimits(100_000, 1_024 * MIB, WindowCache.MAX_BYTES, NodeSeries.TOTAL));
    }

    @Test
    void ofHeap_smallHeap_fewerNodes() {
        assertThat(MemoryLimits.ofHeap(128 * MIB).maxNodes()).isBetween(20_000, 25_000);
        assertThat(MemoryLimits.ofHeap(128 * MIB).detailBytes()).isEqualTo(32 * MIB);
    }

    @Test
    void outOfBounds_rejectedWithFoundAndExpected() {
        MemoryLimits limits = MemoryLimits.ofThisJvm();

        assertThatThrownBy(() -> limits.withMaxNodes(0)).hasMessage("max-nodes: 0 (expected: at least 1)");
        assertThatThrownBy(() -> limits.withDetailBytes(-1)).hasMessage("max-detail-memory: -1 (expected: at least 0)");
    }
}

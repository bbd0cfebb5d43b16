// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.MemoryUsage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HeapTrimmerTest {

    private static final long INITIAL = 48_000_000;

    private final AtomicInteger markings = new AtomicInteger();

    private void trim(long committed) {
        MemoryUsage usage = new MemoryUsage(INITIAL, 10_000_000, committed, 1_000_000_000);
        new HeapTrimmer(() -> usage, markings::incrementAndGet).trim();
    }

    @Test
    void heapOfTheInitialSize_isLeftAlone() {
        trim(INITIAL);

        assertThat(markings).hasValue(0);
    }

    @Test
    void heapThatHasGrown_isMarked() {
        trim(INITIAL + 1_000_000);

        assertThat(markings).hasValue(1);
    }

    @Test
    void jvmWithoutTheOptionsOfProduction_isLeftAlone() {
        assertThat(HeapTrimmer.isMarkingConcurrent()).isFalse();
    }
}

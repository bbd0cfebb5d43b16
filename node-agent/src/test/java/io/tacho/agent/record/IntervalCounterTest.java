// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.model.NodeSnapshot;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IntervalCounterTest {

    private final IntervalCounter counter = new IntervalCounter();

    @Test
    void interval_isIncreaseSinceLastInterval() {
        assertThat(counter.takeInterval()).isZero();
        counter.add(3);
        counter.add(4);
        assertThat(counter.takeInterval()).isEqualTo(7);
        assertThat(counter.takeInterval()).isZero();
        counter.add(1);

        assertThat(counter.takeInterval()).isEqualTo(1);
        assertThat(counter.total()).isEqualTo(8);
    }

    @Test
    void negativeCounts_areIgnored() {
        counter.add(5);
        counter.add(0);
        counter.add(-3);
        counter.add(Long.MIN_VALUE);

        assertThat(counter.total()).isEqualTo(5);
    }

    @Test
    void count_isClampedToFieldBounds() {
        counter.add(Long.MAX_VALUE);

        assertThat(counter.takeInterval()).isEqualTo(NodeSnapshot.MAX_VALUE);
    }

    /** 1,025 times the largest count, 2^53 - 1, exceeds 2^63. */
    @Test
    void interval_overflow_isMaximum_nextIntervalIsExact() {
        for (int i = 0; i < 1_025; i++) {
            counter.add(NodeSnapshot.MAX_VALUE);
        }
        assertThat(counter.takeInterval()).isEqualTo(Long.MAX_VALUE);
        counter.add(6);

        assertThat(counter.takeInterval()).isEqualTo(6);
    }

    @Test
    void concurrentAdds_areExact() throws InterruptedException {
        Thread[] writers = new Thread[6];
        for (int i = 0; i < writers.length; i++) {
            Random random = new Random(i);
            writers[i] = new Thread(() -> random.ints(5_000, 1, 9).forEach(counter::add));
        }
        for (Thread writer : writers) {
            writer.start();
        }
        long taken = counter.takeInterval();
        for (Thread writer : writers) {
            writer.join();
        }
        taken += counter.takeInterval();

        long expected = 0;
        for (int i = 0; i < writers.length; i++) {
            expected += new Random(i).ints(5_000, 1, 9).sum();
        }
        assertThat(taken).isEqualTo(expected).isEqualTo(counter.total());
    }

    @ParameterizedTest
    @CsvSource({"1, 4", "2, 8", "3, 16", "4, 16", "5, 32", "8, 32", "9, 64", "16, 64", "17, 64", "1000, 64"})
    void stripes_arePowerOfTwo_atLeastFourPerProcessor(int processors, int stripes) {
        assertThat(Stripes.count(processors)).isEqualTo(stripes);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.statsd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacho.model.NodeSnapshot;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StatsdCounterTest {

    private final StatsdCounter counter = new StatsdCounter();

    private long countOfWindow() {
        counter.endWindow();
        return counter.last();
    }

    @Test
    void fractions_areCarriedOver() throws Rejected {
        for (int i = 0; i < 10; i++) {
            counter.add(0.25);
        }

        assertThat(countOfWindow()).isEqualTo(2);
        counter.add(0.5);
        assertThat(countOfWindow())
                .as("includes the fraction of the previous window")
                .isEqualTo(1);
        assertThat(counter.total()).isEqualTo(3);
    }

    @Test
    void emptyWindow_isZero_totalIsUnchanged() throws Rejected {
        counter.add(5);
        counter.endWindow();

        assertThat(countOfWindow()).isZero();
        assertThat(counter.total()).isEqualTo(5);
    }

    @Test
    void negativeCount_isSubtractedFromWindow() throws Rejected {
        counter.add(5);
        counter.add(-3);

        assertThat(countOfWindow()).isEqualTo(2);
    }

    @Test
    void negativeCountAboveWindow_isRejected() throws Rejected {
        counter.add(5);
        counter.endWindow();
        counter.add(2);

        assertRejected(-3, Rejected.Reason.BELOW_ZERO);
        assertThat(countOfWindow()).isEqualTo(2);
        assertRejected(-0.5, Rejected.Reason.BELOW_ZERO);
    }

    @Test
    void window_isLimitedToFieldBounds() throws Rejected {
        counter.add(NodeSnapshot.MAX_VALUE);

        assertRejected(1, Rejected.Reason.TOO_LARGE);
        assertRejected(Double.POSITIVE_INFINITY, Rejected.Reason.TOO_LARGE);
        assertThat(countOfWindow()).isEqualTo(NodeSnapshot.MAX_VALUE);
    }

    @Test
    void total_overflow_wrapsAround() throws Rejected {
        counter.add(NodeSnapshot.MAX_VALUE);
        counter.endWindow();
        counter.add(3);

        assertThat(counter.total()).isEqualTo(2);
    }

    @Test
    void total_neverDecreases() throws Rejected {
        Random random = new Random(1);
        long open = 0;
        long before = 0;
        for (int i = 0; i < 5_000; i++) {
            int change = random.nextInt(21) - 10;
            if (open + change < 0) {
                assertRejected(change, Rejected.Reason.BELOW_ZERO);
            } else {
                counter.add(change);
                open += change;
            }
            assertThat(counter.total()).isGreaterThanOrEqualTo(before);
            before = counter.total();
            if (random.nextInt(20) == 0) {
                assertThat(countOfWindow()).isEqualTo(open);
                open = 0;
            }
        }
    }

    private void assertRejected(double count, Rejected.Reason reason) {
        assertThatThrownBy(() -> counter.add(count))
                .isInstanceOfSatisfying(
                        Rejected.class, rejected -> assertThat(rejected.reason).isEqualTo(reason));
    }
}

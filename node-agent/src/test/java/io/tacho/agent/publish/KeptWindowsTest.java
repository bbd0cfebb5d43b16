// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.publish;

import static io.tacho.testing.Windows.SLOT;
import static io.tacho.testing.Windows.minute;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeWindow;
import io.tacho.sketch.Encoded;
import io.tacho.store.FoldBatch;
import io.tacho.testing.Windows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeptWindowsTest {

    private static final Duration DAY = Duration.ofHours(24);

    private final KeptWindows kept = new KeptWindows(DAY);

    private static ClosedWindow window(String uid, int minute) {
        return new ClosedWindow(uid, minute(SLOT + 60_000L * minute, 1));
    }

    private static long end(int minute) {
        return SLOT + 60_000L * (minute + 1);
    }

    private int add(String uid, int minute) {
        return kept.add(window(uid, minute), minute * Duration.ofMinutes(1).toNanos());
    }

    private List<Long> numbers() {
        FoldBatch batch = kept.nextBatch();
        return batch == null
                ? List.of()
                : batch.windows().stream().map(FoldBatch.Numbered::number).toList();
    }

    @Test
    void nextBatch_isWhatIsNotFoldedYet() {
        assertThat(kept.nextBatch()).isNull();
        add("a", 0);
        add("a", 1);

        FoldBatch first = kept.nextBatch();
        kept.answered("a", first.lastNumber());
        add("a", 2);

        assertThat(first.believed()).isZero();
        assertThat(first.windows()).extracting(FoldBatch.Numbered::number).containsExactly(end(0), end(1));
        assertThat(kept.nextBatch().believed()).isEqualTo(end(1));
        assertThat(numbers()).containsExactly(end(2));
        kept.answered("a", end(2));
        assertThat(kept.nextBatch()).isNull();
    }

    @Test
    void nextBatch_untilAnAnswerComesItIsTheSame() {
        add("a", 0);
        FoldBatch first = kept.nextBatch();

        assertThat(kept.nextBatch()).isEqualTo(first);
    }

    @Test
    void nextBatch_isBounded() {
        IntStream.range(0, 20).forEach(minute -> add("a", minute));

        assertThat(numbers()).hasSize(FoldSequence.MAX_BATCH).startsWith(end(0));
        kept.answered("a", end(7));
        assertThat(numbers()).hasSize(FoldSequence.MAX_BATCH).startsWith(end(8));
    }

    @Test
    void answered_storeThatForgot() {
        IntStream.range(0, 3).forEach(minute -> add("a", minute));
        kept.answered("a", end(2));
        assertThat(kept.nextBatch()).isNull();

        kept.answered("a", 0);

        assertThat(kept.nextBatch().believed()).isZero();
        assertThat(numbers()).containsExactly(end(0), end(1), end(2));
    }

    @Test
    void answered_storeThatLostTheLastWrites() {
        IntStream.range(0, 4).forEach(minute -> add("a", minute));
        kept.answered("a", end(2));

        kept.answered("a", end(0));

        assertThat(kept.nextBatch().believed()).isEqualTo(end(0));
        assertThat(numbers()).containsExactly(end(1), end(2), end(3));
    }

    @Test
    void answered_lostAnswerOfAFoldThatTookPlace() {
        add("a", 0);
        kept.nextBatch();
        add("a", 1);

        kept.answered("a", end(0));

        assertThat(numbers()).containsExactly(end(1));
    }

    @Test
    void answered_ofAProgramThatReportedForThisUidBefore() {
        add("a", 5);

        kept.answered("a", end(3));

        assertThat(kept.nextBatch().believed()).isEqualTo(end(3));
        assertThat(numbers()).containsExactly(end(5));
    }

    @Test
    void answered_ofAProgramBeforeWhoseClockWasAhead() {
        add("a", 5);
        add("a", 6);

        kept.answered("a", end(5) + 10);

        assertThat(kept.nextBatch().believed()).isEqualTo(end(5) + 10);
        assertThat(numbers()).containsExactly(end(5) + 11, end(6));
        kept.answered("a", end(6));
        assertThat(kept.nextBatch()).isNull();
    }

    @Test
    void add_clockSetBack() {
        add("a", 5);
        add("a", 3);

        assertThat(numbers()).containsExactly(end(5), end(5) + 1);
    }

    @Test
    void add_anotherUidHasASequenceOfItsOwn() {
        add("a", 0);
        add("b", 1);

        assertThat(kept.nextBatch().uid()).isEqualTo("a");
        kept.answered("a", end(0));
        assertThat(kept.nextBatch().uid()).isEqualTo("b");
        assertThat(kept.nextBatch().believed()).isZero();
        kept.answered("b", end(1));
        assertThat(kept.nextBatch()).isNull();
    }

    @Test
    void add_oldWindowsGoByNumber() {
        int dropped = 0;
        for (int minute = 0; minute < 130; minute++) {
            dropped += add("a", minute);
            if (minute < 4) {
                kept.answered("a", end(minute));
            }
        }

        assertThat(dropped).as("130 - 120, but for 4 that were folded").isEqualTo(6);
        assertThat(numbers()).startsWith(end(10));
    }

    @Test
    void add_oldWindowsGoBySize() {
        NodeWindow large = new NodeWindow(
                60,
                new MetricsWindow(SLOT, SLOT + 60_000),
                minute(SLOT, 1).sums(),
                minute(SLOT, 1).gauges(),
                0,
                0,
                Encoded.histogram(new byte[24 * 1024]),
                Encoded.histogram(new byte[24 * 1024]));
        List<Integer> dropped = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            dropped.add(kept.add(new ClosedWindow("a", large), 0));
        }

        assertThat(dropped.stream().mapToInt(Integer::intValue).sum()).isEqualTo(30 - 21);
    }

    @Test
    void add_olderThanTheHistory() {
        KeptWindows brief = new KeptWindows(Windows.HISTORY);
        brief.add(window("a", 0), 0);
        brief.answered("a", end(0));
        brief.add(window("a", 61), Duration.ofMinutes(61).toNanos());

        brief.answered("a", 0);

        assertThat(brief.nextBatch().windows())
                .as("folded once, and nobody remembers that it was")
                .extracting(FoldBatch.Numbered::number)
                .containsExactly(end(61));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.publish;

import static io.tacho.testing.Windows.HISTORY;
import static io.tacho.testing.Windows.SLOT;
import static io.tacho.testing.Windows.minute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeTotals.ProcessTotals;
import io.tacho.store.ClusterClock;
import io.tacho.store.UploadResult;
import io.tacho.testing.ManualTicker;
import io.tacho.testing.Windows;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class UploadSequenceTest {

    /** The high-water mark of a former agent. */
    private static final long BEFORE = SLOT - 60_000;

    private final ManualTicker ticker = new ManualTicker(Instant.ofEpochMilli(SLOT));
    private final ClusterClock clock = new ClusterClock(ticker, ticker);
    private final UploadSequence sequence = new UploadSequence("u1", "w1", clock);

    private static ProcessTotals totals(String process, long factor) {
        return new ProcessTotals(process, Windows.totals(factor));
    }

    private void add(int minute, ProcessTotals totals) {
        sequence.add(new ClosedWindow("u1", minute(SLOT + 60_000L * minute, 1), totals), 0);
    }

    private static UploadResult before(ProcessTotals totals) {
        return new UploadResult(BEFORE, false, totals);
    }

    @Test
    void firstWindow_countsFromTotalsOfFormerAgent() {
        add(0, totals("p", 11));
        add(1, totals("p", 12));

        sequence.confirm(before(totals("p", 7)));

        assertThat(sequence.nextUpload(HISTORY).windows())
                .extracting(
                        window -> window.window().sums().numMsgPublished(),
                        window -> window.window().sums().timeClientSum(),
                        window -> window.isBridged())
                .containsExactly(tuple(4L, 36L, true), tuple(1L, 9L, false));
        assertThat(sequence.nextUpload(HISTORY).highWaterMark()).isEqualTo(BEFORE);
        assertThat(sequence.nextUpload(HISTORY).last().totals()).isEqualTo(totals("p", 12));
    }

    @Test
    void firstWindow_withoutGap_isNotBridged() {
        add(0, totals("p", 11));

        sequence.confirm(before(totals("p", 10)));

        assertThat(sequence.nextUpload(HISTORY).windows())
                .extracting(window -> window.window().sums().numMsgPublished(), window -> window.isBridged())
                .containsExactly(tuple(1L, false));
    }

    @Test
    void firstWindow_otherProcessDecreasedOrMissingTotals_isUnchanged() {
        add(0, totals("restarted", 11));
        sequence.confirm(before(totals("p", 7)));
        assertUnchanged(sequence);

        UploadSequence decreased = new UploadSequence("u1", "w1", clock);
        decreased.add(new ClosedWindow("u1", minute(SLOT, 1), totals("p", 6)), 0);
        decreased.confirm(before(totals("p", 7)));
        assertUnchanged(decreased);

        UploadSequence embedded = new UploadSequence("u1", "w1", clock);
        embedded.add(new ClosedWindow("u1", minute(SLOT, 1), null), 0);
        embedded.confirm(before(totals("p", 7)));
        assertUnchanged(embedded);

        UploadSequence first = new UploadSequence("u1", "w1", clock);
        first.add(new ClosedWindow("u1", minute(SLOT, 1), totals("p", 11)), 0);
        first.confirm(before(null));
        assertUnchanged(first);
    }

    private static void assertUnchanged(UploadSequence sequence) {
        assertThat(sequence.nextUpload(HISTORY).windows())
                .extracting(window -> window.window().sums().numMsgPublished(), window -> window.isBridged())
                .containsExactly(tuple(1L, false));
    }

    @Test
    void bridgedWindow_responseOrLastWritesLost_isUnchanged() {
        add(0, totals("p", 11));
        sequence.confirm(before(totals("p", 7)));
        long number = sequence.nextUpload(HISTORY).lastNumber();
        // the upload was accepted, but its response was lost
        sequence.confirm(UploadResult.of(number));
        assertThat(sequence.nextUpload(HISTORY)).isNull();

        // the store lost its last writes
        sequence.confirm(before(totals("p", 7)));

        assertThat(sequence.nextUpload(HISTORY).windows())
                .extracting(
                        window -> window.number(),
                        window -> window.window().sums().numMsgPublished())
                .containsExactly(tuple(number, 4L));
    }

    @Test
    void window_inFutureOfStoreClock_isMoved() {
        // the host's clock is an hour ahead, and the store was unreachable
        ticker.advance(Duration.ofMinutes(1));
        sequence.add(new ClosedWindow("u1", minute(SLOT + 3_600_000, 1), null), ticker.getAsLong());
        long number = sequence.nextUpload(HISTORY).lastNumber();
        ticker.advance(Duration.ofMinutes(2));
        clock.observe(SLOT + 180_000);

        assertThat(sequence.nextUpload(HISTORY).windows())
                .extracting(window -> window.number(), window -> window.window().window())
                .containsExactly(tuple(number, new MetricsWindow(SLOT, SLOT + 60_000)));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.cluster.DurationTotals;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.ViewCursor;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.MetricsWindow;
import io.tacho.model.RequestKind;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.model.WindowDetail;
import io.tacho.store.StoredSnapshot;
import io.tacho.testing.ManualTicker;
import io.tacho.testing.Snapshots;
import io.tacho.testing.Windows;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WindowDispatcherTest {

    private final ManualTicker ticker = new ManualTicker();
    private final ClusterView view = new ClusterView(new SnapshotCodec(), ticker, 100_000);
    private final NodeSeries series = new NodeSeries(ticker);
    private final DurationTotals durations = new DurationTotals();
    private final WindowDispatcher dispatcher = new WindowDispatcher(view, series, durations, ticker);
    private long seq;

    private void beat(String uid, MetricsWindow window, long nanos) {
        view.onLoaded(new StoredSnapshot(
                SnapshotEnvelope.builder(Snapshots.snapshot(uid, uid))
                        .seq(++seq)
                        .ttlMillis(15_000)
                        .metricsIntervalSeconds(60)
                        .window(window)
                        .detail(new WindowDetail(Windows.histogram(nanos).encoded(), null, null, null))
                        .build(),
                15_000));
    }

    private void beat(String uid, int window, long nanos) {
        beat(uid, new MetricsWindow(60_000L * window, 60_000L * (window + 1)), nanos);
    }

    private long sumNanos() {
        return durations.of(RequestKind.API).sumNanos();
    }

    @Test
    void firstWindowOfANode_isInItsSeries_butItsDurationsAreNotCounted() {
        beat("a", 1, 1_000);
        dispatcher.process();
        assertThat(series.windowsOf("a")).hasSize(1);
        assertThat(sumNanos()).isZero();

        beat("a", 2, 2_000);
        dispatcher.process();
        assertThat(series.windowsOf("a")).hasSize(2);
        assertThat(sumNanos()).isEqualTo(2_000);
    }

    @Test
    void beatsOfTheSameWindow_countOnce() {
        beat("a", 1, 1_000);
        dispatcher.process();
        for (int i = 0; i < 5; i++) {
            beat("a", 2, 2_000);
            dispatcher.process();
            dispatcher.process();
        }

        assertThat(series.windowsOf("a")).hasSize(2);
        assertThat(sumNanos()).isEqualTo(2_000);
    }

    @Test
    void changes_moreThanOneBatch_areAllProcessed() {
        for (int window = 1; window <= 2; window++) {
            for (int i = 0; i < 1_500; i++) {
                beat("u" + i, window, 10);
            }
            dispatcher.process();
        }

        assertThat(series.windowCount()).isEqualTo(3_000);
        assertThat(sumNanos()).isEqualTo(15_000);
    }

    @Test
    void membershipChangesNoLongerRetained_areSkipped() {
        beat("a", 1, 1_000);
        dispatcher.process();
        for (int i = 0; i < 6_000; i++) {
            beat("gone" + i, 1, 5);
            view.onLeave(new LeaveEnvelope("gone" + i, seq));
        }
        beat("a", 2, 2_000);
        assertThat(view.changesAfter(ViewCursor.START, 1)).isEmpty();

        dispatcher.process();

        assertThat(series.windowsOf("a")).hasSize(2);
        assertThat(sumNanos()).isEqualTo(2_000);
        assertThat(series.isKnown("gone0")).isFalse();
    }

    @Test
    void nodeWithoutWindowTimes_hasOneWindowPerIntervalOfTheClock() {
        beat("a", (MetricsWindow) null, 1_000);
        dispatcher.process();
        ticker.advance(Duration.ofSeconds(59));
        beat("a", (MetricsWindow) null, 2_000);
        dispatcher.process();
        assertThat(series.windowsOf("a"))
                .extracting(window -> window.window().endMillis())
                .containsExactly(ticker.millis() / 60_000 * 60_000);

        ticker.advance(Duration.ofSeconds(1));
        beat("a", (MetricsWindow) null, 4_000);
        dispatcher.process();
        assertThat(series.windowsOf("a")).hasSize(2);
        assertThat(sumNanos()).isEqualTo(4_000);
    }
}

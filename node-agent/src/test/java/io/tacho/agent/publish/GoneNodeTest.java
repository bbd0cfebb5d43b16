// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.agent.process.OtherProcess;
import io.tacho.agent.process.ProcessNumbers;
import io.tacho.agent.record.IntervalRecorder;
import io.tacho.agent.source.NodeSource;
import io.tacho.agent.source.statsd.StatsdSources;
import io.tacho.model.Field;
import io.tacho.model.MetricsWindow;
import io.tacho.testing.ManualTicker;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The windows of a program that reports by StatsD, and ends or is silent. */
class GoneNodeTest {

    private static final ProcessNumbers RUNNING = new ProcessNumbers(7, 1, 1_000, 0, 0);

    private final ManualTicker ticker = new ManualTicker();
    private final long start = ticker.millis();
    private final IntervalRecorder recorder = new IntervalRecorder();
    private @Nullable ProcessNumbers process = RUNNING;
    private final OtherProcess observed = new OtherProcess(() -> Optional.ofNullable(process), ticker, ticker);
    private NodeSource source = StatsdSources.watched(recorder, observed, ticker);
    private SnapshotAssembler assembler = assembler();

    private SnapshotAssembler assembler() {
        PublishSettings settings = PublishSettings.of(
                "app_1", Duration.ofSeconds(60), Duration.ofSeconds(5), Duration.ofSeconds(15), null);
        return new SnapshotAssembler(settings, recorder, source, ticker, ticker);
    }

    private void receive(String line, int times) {
        for (int i = 0; i < times; i++) {
            StatsdSources.receive(source, line);
        }
    }

    private void sent(int messages) {
        receive("tacho.num_msg_sent:1|c", messages);
    }

    private void advance(int seconds) {
        ticker.advance(Duration.ofSeconds(seconds));
        observed.refresh();
    }

    private MetricsWindow window(int fromSeconds, int toSeconds) {
        return new MetricsWindow(start + fromSeconds * 1_000L, start + toSeconds * 1_000L);
    }

    @Test
    void processEnds_openWindowIsClosed() {
        advance(0);
        receive("tacho.num_clients:5|g", 1);
        receive("tacho.time_api:2|ms", 3);
        sent(7);
        advance(30);
        assembler.nextBeat();
        process = null;
        advance(5);
        assertThat(assembler.nextBeat()).as("beat of a gone node").isNull();
        advance(25);

        ClosedWindow closed = assembler.closeWindow();

        assertThat(closed.uid()).isEqualTo("uid-1");
        assertThat(closed.window().window()).isEqualTo(window(0, 30));
        assertThat(closed.window().sums().numMsgSent()).isEqualTo(7);
        assertThat(closed.window().sums().timeApiSum()).isEqualTo(6_000_000);
        assertThat(closed.window().gauges().number(Field.NUM_CLIENTS)).isEqualTo(5);
        assertThat(assembler.nextBeat()).isNull();
        advance(60);
        assertThat(assembler.closeWindow()).as("a window without a node").isNull();
    }

    @Test
    void processReturnsInSameWindow_windowIsClosedOnce() {
        advance(0);
        sent(7);
        assembler.nextBeat();
        process = null;
        advance(20);
        assertThat(assembler.nextBeat()).isNull();
        process = RUNNING;
        advance(20);
        sent(2);
        assertThat(assembler.nextBeat().snapshot().number(Field.NUM_MSG_SENT)).isZero();
        advance(20);

        ClosedWindow closed = assembler.closeWindow();

        assertThat(closed.window().window()).isEqualTo(window(0, 60));
        assertThat(closed.window().sums().numMsgSent()).isEqualTo(9);
        assertThat(assembler.nextBeat().window()).isEqualTo(window(0, 60));
    }

    @Test
    void processReturnsInLaterWindow_countsAreOfEachWindow() {
        advance(0);
        sent(7);
        assembler.nextBeat();
        process = null;
        advance(60);
        assertThat(assembler.closeWindow().window().sums().numMsgSent()).isEqualTo(7);
        assertThat(assembler.nextBeat()).isNull();
        process = RUNNING;
        advance(40);
        sent(2);
        assertThat(assembler.nextBeat().window()).isNull();
        advance(20);

        ClosedWindow closed = assembler.closeWindow();

        assertThat(closed.window().window()).as("since its return").isEqualTo(window(100, 120));
        assertThat(closed.window().sums().numMsgSent()).isEqualTo(2);
    }

    @Test
    void processReturnsBriefly_windowIsThatOfItsBeats() {
        process = null;
        advance(10);
        assertThat(assembler.nextBeat()).isNull();
        process = RUNNING;
        advance(10);
        sent(1);
        assembler.nextBeat();
        sent(2);
        process = null;
        advance(40);
        assertThat(assembler.nextBeat()).isNull();

        ClosedWindow closed = assembler.closeWindow();

        assertThat(closed.window().window()).isEqualTo(window(20, 20));
        assertThat(closed.window().sums().numMsgSent()).isEqualTo(3);
    }

    @Test
    void silentNode_isGone_openWindowIsClosed() {
        source = StatsdSources.unwatched(Duration.ofSeconds(10), recorder, ticker);
        assembler = assembler();
        sent(7);
        assembler.nextBeat();
        advance(8);
        assembler.nextBeat();
        advance(52);

        ClosedWindow closed = assembler.closeWindow();

        assertThat(closed.window().window()).isEqualTo(window(0, 8));
        assertThat(closed.window().sums().numMsgSent()).isEqualTo(7);
    }

    @Test
    void neverPublishedNode_hasNoWindow() {
        process = null;
        advance(0);
        sent(7);
        assertThat(assembler.nextBeat()).isNull();
        advance(60);

        assertThat(assembler.closeWindow()).isNull();
    }
}

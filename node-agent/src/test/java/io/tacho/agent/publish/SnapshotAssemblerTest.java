// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.agent.process.ProcessSampler;
import io.tacho.agent.record.HostGauges;
import io.tacho.agent.record.HostIds;
import io.tacho.agent.record.IntervalRecorder;
import io.tacho.agent.source.JvmSource;
import io.tacho.agent.source.NodeSource;
import io.tacho.model.Extra;
import io.tacho.model.Extras;
import io.tacho.model.Field;
import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeStatus;
import io.tacho.model.NodeTotals;
import io.tacho.model.NodeWindow;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.model.WindowDetail;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.HyperLogLog;
import io.tacho.testing.ManualTicker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotAssemblerTest {

    private final ManualTicker ticker = new ManualTicker();
    private final long start = ticker.millis();
    private final IntervalRecorder recorder = new IntervalRecorder();
    private final PublishSettings settings =
            PublishSettings.of("node_1", Duration.ofSeconds(60), Duration.ofSeconds(5), Duration.ofSeconds(15), null);

    private LongSupplier numClients = () -> 3;

    private final SnapshotAssembler assembler = new SnapshotAssembler(
            settings,
            recorder,
            jvm(new HostGauges(() -> numClients.getAsLong(), () -> 2, () -> 1), ticker),
            ticker,
            ticker);

    private NodeSource jvm(HostGauges gauges, LongSupplier nanoTime) {
        return new JvmSource(settings.uid(), settings.name(), recorder, gauges, new ProcessSampler(), nanoTime);
    }

    @Test
    void nextBeat_beforeFirstWindowEnd_hasNoWindow() {
        recorder.messagePublished();

        SnapshotEnvelope beat = assembler.nextBeat();

        assertThat(beat.window()).isNull();
        assertThat(beat.uid()).isEqualTo(settings.uid());
        assertThat(beat.ttlMillis()).isEqualTo(15_000);
        assertThat(beat.metricsIntervalSeconds()).isEqualTo(60);
        assertThat(beat.snapshot().name()).isEqualTo("node_1");
        assertThat(beat.snapshot().number(Field.NUM_MSG_PUBLISHED)).isZero();
        assertThat(beat.snapshot().number(Field.MEMORY_SYS))
                .as("measured in the first beat")
                .isPositive();
        NodeSnapshot info = beat.snapshot();
        assertThat(new long[] {
                    info.number(Field.NUM_CLIENTS),
                    info.number(Field.NUM_UNIQUE_CLIENTS),
                    info.number(Field.NUM_CHANNELS)
                })
                .containsExactly(3, 2, 1);
        assertThat(info.number(Field.NUM_GOROUTINE)).isPositive();
    }

    @ParameterizedTest
    @ValueSource(ints = {-3_600, -30, 30, 3_600})
    void closeWindow_afterClockStep_durationIsMonotonic(int seconds) {
        ticker.advance(Duration.ofSeconds(40));
        ticker.stepClock(Duration.ofSeconds(seconds));
        ticker.advance(Duration.ofSeconds(20));

        MetricsWindow window = assembler.closeWindow().window().window();

        assertThat(window).isEqualTo(new MetricsWindow(ticker.millis() - 60_000, ticker.millis()));
    }

    @ParameterizedTest
    @ValueSource(ints = {-3_600, 3_600})
    void closeWindow_hostClockDiffersFromStore_isDatedByStore(int seconds) {
        assembler.clock().observe(start);
        ticker.advance(Duration.ofSeconds(40));
        ticker.stepClock(Duration.ofSeconds(seconds));
        ticker.advance(Duration.ofSeconds(20));
        assembler.closeWindow();
        ticker.advance(Duration.ofSeconds(60));

        assertThat(assembler.nextBeat().window()).isEqualTo(new MetricsWindow(start, start + 60_000));
        assertThat(assembler.closeWindow().window().window())
                .isEqualTo(new MetricsWindow(start + 60_000, start + 120_000));
    }

    @Test
    void closeWindow_containsExtraValues() {
        recorder.counter("jobs").add(7);
        ticker.advance(Duration.ofSeconds(60));

        Extras extras = assembler.closeWindow().window().detail().extras();

        assertThat(extras.byName()).containsExactly(Map.entry("jobs", Extra.counter(7, 7)));
        ticker.advance(Duration.ofSeconds(60));
        assertThat(assembler.closeWindow().window().detail().extras().byName())
                .containsExactly(Map.entry("jobs", Extra.counter(0, 7)));
    }

    @Test
    void closeWindow_isRepeatedByBeatsUntilNextWindow() {
        ticker.advance(Duration.ofSeconds(60));
        recorder.messagesPublished(7);
        assembler.closeWindow();
        recorder.messagesPublished(100);

        SnapshotEnvelope first = assembler.nextBeat();
        numClients = () -> 4;
        SnapshotEnvelope second = assembler.nextBeat();
        ticker.advance(Duration.ofSeconds(60));
        assembler.closeWindow();
        SnapshotEnvelope third = assembler.nextBeat();

        assertThat(first.window()).isEqualTo(new MetricsWindow(start, start + 60_000));
        assertThat(first.snapshot().number(Field.NUM_MSG_PUBLISHED)).isEqualTo(7);
        assertThat(second.window()).isEqualTo(first.window());
        assertThat(second.snapshot().number(Field.NUM_MSG_PUBLISHED)).isEqualTo(7);
        assertThat(second.snapshot().number(Field.NUM_CLIENTS))
                .as("gauges are current")
                .isEqualTo(4);
        assertThat(third.window()).isEqualTo(new MetricsWindow(start + 60_000, start + 120_000));
        assertThat(third.snapshot().number(Field.NUM_MSG_PUBLISHED)).isEqualTo(100);
    }

    @Test
    void closeWindow_returnsWindowToUpload() {
        recorder.messagesPublished(7);
        recorder.apiRequest(5_000);
        recorder.apiRequest(8_001);
        ticker.advance(Duration.ofSeconds(60));

        ClosedWindow closed = assembler.closeWindow();

        assertThat(closed.uid()).isEqualTo(settings.uid());
        NodeWindow window = closed.window();
        assertThat(window.window()).isEqualTo(new MetricsWindow(start, start + 60_000));
        assertThat(window.intervalSeconds()).isEqualTo(60);
        assertThat(window.sums()).isEqualTo(new NodeTotals(7, 0, 0, 2, 0, 0, 0, 13_001, 0));
        assertThat(window.gauges().numClients()).isEqualTo(3);
        assertThat(window.gauges().memorySys()).isPositive();
        assertThat(window.timeApiMax()).isEqualTo(8_001);
        assertThat(window.detail().timeApi().decode().sum()).isEqualTo(13_001);
        assertThat(window.detail().timeClient()).isNull();
        assertThat(assembler.closeWindow().window().sums().numMsgPublished()).isZero();
    }

    @Test
    void totals_areCurrentAtEveryBeat() {
        recorder.messagesPublished(7);
        assertThat(assembler.nextBeat().totals().numMsgPublished()).isEqualTo(7);

        assembler.closeWindow();
        recorder.messagesPublished(2);
        assertThat(assembler.nextBeat().totals().numMsgPublished()).isEqualTo(9);
    }

    @Test
    void detail_hasHistogramsOfLastWindow() {
        assertThat(assembler.nextBeat().detail()).isEqualTo(WindowDetail.NONE);

        recorder.apiRequest(5_000);
        recorder.apiRequest(7_000);
        assembler.closeWindow();
        recorder.clientRequest(9_000);

        for (int beat = 0; beat < 2; beat++) {
            WindowDetail detail = assembler.nextBeat().detail();
            DurationHistogram times = detail.timeApi().decode();
            assertThat(new long[] {times.count(), times.sum(), times.max()}).containsExactly(2, 12_000, 7_000);
            assertThat(detail.timeClient())
                    .as("histogram of a window without client requests")
                    .isNull();
        }
        assembler.closeWindow();
        assertThat(assembler.nextBeat().detail().timeApi()).isNull();
        assertThat(assembler.nextBeat().detail().timeClient()).isNotNull();
    }

    @Test
    void detail_isSameObjectUntilNextWindow() {
        recorder.apiRequest(5_000);
        assembler.closeWindow();

        WindowDetail first = assembler.nextBeat().detail();
        WindowDetail second = assembler.nextBeat().detail();

        assertThat(second.timeApi()).as("encoded once").isSameAs(first.timeApi());
    }

    @Test
    void detail_hasSketchesOfCurrentIds() {
        SnapshotAssembler reporting = new SnapshotAssembler(
                settings,
                recorder,
                jvm(
                        new HostGauges(
                                () -> 0,
                                () -> 0,
                                () -> 0,
                                HostIds.of(recorder.users()),
                                HostIds.of(() -> List.of("news", "chat"))),
                        ticker),
                ticker,
                ticker);
        assertThat(reporting.nextBeat().detail().users()).isNull();

        recorder.userConnected("u1");
        WindowDetail detail = reporting.nextBeat().detail();

        assertThat(detail.users()).isEqualTo(HyperLogLog.of(List.of("u1")).encoded());
        assertThat(detail.channels())
                .isEqualTo(HyperLogLog.of(List.of("news", "chat")).encoded());

        recorder.userDisconnected("u1");
        recorder.userConnected("u2");
        ticker.advance(Duration.ofSeconds(60));
        assertThat(reporting.closeWindow().window().detail().users())
                .as("ids of all beats of the window")
                .isEqualTo(HyperLogLog.of(List.of("u1", "u2")).encoded());
        assertThat(reporting.nextBeat().detail().users())
                .as("connected ids")
                .isEqualTo(HyperLogLog.of(List.of("u2")).encoded());
    }

    @Test
    void seq_increasesWithEveryMessage_andAcrossRestarts() {
        long first = assembler.nextBeat().seq();
        assembler.closeWindow();
        long second = assembler.nextBeat().seq();
        long leaveSeq = assembler.leave(settings.uid()).seq();

        assertThat(first).isGreaterThan(start);
        assertThat(second).isEqualTo(first + 1);
        assertThat(leaveSeq).isEqualTo(second + 1);
        assertThat(assembler.leave(settings.uid()).uid()).isEqualTo(settings.uid());
    }

    @Test
    void closeWindow_clockSetBack_windowsDoNotOverlap_durationIsMonotonic() {
        AtomicLong wall = new AtomicLong(start);
        SnapshotAssembler adrift = new SnapshotAssembler(
                settings, recorder, jvm(HostGauges.NONE, ticker), () -> Instant.ofEpochMilli(wall.get()), ticker);
        wall.addAndGet(-3_600_000);
        Set<MetricsWindow> windows = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            ticker.advance(Duration.ofSeconds(60));
            wall.addAndGet(60_000);
            adrift.closeWindow();
            windows.add(adrift.nextBeat().window());
        }

        assertThat(windows)
                .hasSize(3)
                .allSatisfy(window ->
                        assertThat(window.endMillis() - window.startMillis()).isEqualTo(60_000));
    }

    @Test
    void address_isInEveryBeat() {
        SnapshotAssembler reachable = new SnapshotAssembler(
                settings.withAddress("chat-1:8000"),
                recorder,
                jvm(HostGauges.NONE, System::nanoTime),
                InstantSource.system(),
                System::nanoTime);

        assertThat(reachable.nextBeat().status().address()).isEqualTo("chat-1:8000");
        assertThat(reachable.nextBeat().status().address()).isEqualTo("chat-1:8000");
    }

    @Test
    void drain_isInEveryLaterBeat() {
        assertThat(assembler.nextBeat().status())
                .isEqualTo(new NodeStatus(ProcessSampler.host(), 5_000, false).withWriter(assembler.writer()));

        assembler.drain();

        assertThat(assembler.nextBeat().status().draining()).isTrue();
        assertThat(assembler.nextBeat().status().draining()).isTrue();
    }

    @Test
    void cpuUsage_isMeasuredInFirstBeat() {
        SnapshotAssembler real = new SnapshotAssembler(
                settings, recorder, jvm(HostGauges.NONE, System::nanoTime), InstantSource.system(), System::nanoTime);

        assertThat(real.nextBeat().snapshot().number(Field.CPU_USAGE))
                .as("CPU usage of a JVM that has just run tests")
                .isPositive();
    }
}

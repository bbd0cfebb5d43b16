// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.agent.process.ProcessSampler;
import io.tacho.agent.record.HostGauges;
import io.tacho.agent.record.HostIds;
import io.tacho.agent.record.IntervalRecorder;
import io.tacho.agent.record.RecordedInterval;
import io.tacho.agent.source.JvmSource;
import io.tacho.agent.source.NodeSource;
import io.tacho.agent.source.NodeState;
import io.tacho.model.Extra;
import io.tacho.model.Extras;
import io.tacho.model.Field;
import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeStatus;
import io.tacho.model.NodeTotals;
import io.tacho.model.NodeWindow;
import io.tacho.model.Quality;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.model.WindowDetail;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.HyperLogLog;
import io.tacho.testing.CapturedLog;
import io.tacho.testing.ManualTicker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Isolated("reads the log")
class SnapshotAssemblerTest {

    private static final LongSupplier BROKEN = () -> {
        throw new NoClassDefFoundError("of the host");
    };

    private final ManualTicker ticker = new ManualTicker();
    private final long start = ticker.millis();
    private final IntervalRecorder recorder = new IntervalRecorder();
    private final PublishSettings settings =
            PublishSettings.of("node_1", Duration.ofSeconds(60), Duration.ofSeconds(5), Duration.ofSeconds(15), null);

    private LongSupplier numClients = () -> 3;
    private LongSupplier numUniqueClients = () -> 2;
    private LongSupplier numChannels = () -> 1;

    private final SnapshotAssembler assembler = new SnapshotAssembler(
            settings,
            recorder,
            jvm(
                    new HostGauges(
                            () -> numClients.getAsLong(),
                            () -> numUniqueClients.getAsLong(),
                            () -> numChannels.getAsLong()),
                    ticker),
            ticker,
            ticker);

    private NodeSource jvm(HostGauges gauges, LongSupplier nanoTime) {
        return new JvmSource(settings.uid(), settings.name(), recorder, gauges, new ProcessSampler(), nanoTime);
    }

    @Test
    void nextBeat_beforeTheFirstWindowEnds() {
        recorder.messagePublished();

        SnapshotEnvelope beat = assembler.nextBeat();

        assertThat(beat.window()).isNull();
        assertThat(beat.uid()).isEqualTo(settings.uid());
        assertThat(beat.ttlMillis()).isEqualTo(15_000);
        assertThat(beat.metricsIntervalSeconds()).isEqualTo(60);
        assertThat(beat.snapshot().name()).isEqualTo("node_1");
        assertThat(beat.snapshot().number(Field.NUM_MSG_PUBLISHED)).isZero();
        assertThat(beat.snapshot().number(Field.MEMORY_SYS))
                .as("real from the first beat")
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
    void closeWindow_afterTheClockWasSet_isAsLongAsItWas(int seconds) {
        ticker.advance(Duration.ofSeconds(40));
        ticker.stepClock(Duration.ofSeconds(seconds));
        ticker.advance(Duration.ofSeconds(20));

        MetricsWindow window = assembler.closeWindow().window().window();

        assertThat(window).isEqualTo(new MetricsWindow(ticker.millis() - 60_000, ticker.millis()));
    }

    @ParameterizedTest
    @ValueSource(ints = {-3_600, 3_600})
    void closeWindow_hostsClockFarFromTheStores_isDatedByTheStore(int seconds) {
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
    void closeWindow_containsTheExtraValues() {
        recorder.counter("jobs").add(7);
        ticker.advance(Duration.ofSeconds(60));

        Extras extras = assembler.closeWindow().window().detail().extras();

        assertThat(extras.byName()).containsExactly(Map.entry("jobs", Extra.counter(7, 7)));
        ticker.advance(Duration.ofSeconds(60));
        assertThat(assembler.closeWindow().window().detail().extras().byName())
                .containsExactly(Map.entry("jobs", Extra.counter(0, 7)));
    }

    @Test
    void closeWindow_nextBeatsRepeatItUntilTheNextOne() {
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
                .as("gauges are fresh")
                .isEqualTo(4);
        assertThat(third.window()).isEqualTo(new MetricsWindow(start + 60_000, start + 120_000));
        assertThat(third.snapshot().number(Field.NUM_MSG_PUBLISHED)).isEqualTo(100);
    }

    @Test
    void closeWindow_returnsTheWindowToUpload() {
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
    void totals_areFreshAtEveryBeat() {
        recorder.messagesPublished(7);
        assertThat(assembler.nextBeat().totals().numMsgPublished()).isEqualTo(7);

        assembler.closeWindow();
        recorder.messagesPublished(2);
        assertThat(assembler.nextBeat().totals().numMsgPublished()).isEqualTo(9);
    }

    @Test
    void detail_histogramsAreOfTheLastWindow() {
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
                    .as("of a window without client requests")
                    .isNull();
        }
        assembler.closeWindow();
        assertThat(assembler.nextBeat().detail().timeApi()).isNull();
        assertThat(assembler.nextBeat().detail().timeClient()).isNotNull();
    }

    @Test
    void detail_isTheSameValueUntilTheNextWindow() {
        recorder.apiRequest(5_000);
        assembler.closeWindow();

        WindowDetail first = assembler.nextBeat().detail();
        WindowDetail second = assembler.nextBeat().detail();

        assertThat(second.timeApi()).as("encoded once").isSameAs(first.timeApi());
    }

    @Test
    void detail_sketchesAreOfWhatIsConnectedNow() {
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
                .as("those of all beats of the window")
                .isEqualTo(HyperLogLog.of(List.of("u1", "u2")).encoded());
        assertThat(reporting.nextBeat().detail().users())
                .as("those that are connected")
                .isEqualTo(HyperLogLog.of(List.of("u2")).encoded());
    }

    @Test
    void seq_growsWithEveryMessageAndOverRestarts() {
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
    void gauge_thatFailsKeepsItsLastValue() {
        assembler.nextBeat();
        numClients = BROKEN;
        numUniqueClients = () -> -1;
        numChannels = () -> Long.MAX_VALUE;

        NodeSnapshot failing = assembler.nextBeat().snapshot();
        numClients = () -> 9;
        NodeSnapshot healed = assembler.nextBeat().snapshot();

        assertThat(new long[] {
                    failing.number(Field.NUM_CLIENTS),
                    failing.number(Field.NUM_UNIQUE_CLIENTS),
                    failing.number(Field.NUM_CHANNELS)
                })
                .containsExactly(3, 2, 1);
        assertThat(healed.number(Field.NUM_CLIENTS)).isEqualTo(9);
    }

    @Test
    void closeWindow_clockSetBack_windowsStayApartAndAsLongAsTheyWere() {
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
    void drain_isPublishedFromThenOn() {
        assertThat(assembler.nextBeat().status())
                .isEqualTo(new NodeStatus(ProcessSampler.host(), 5_000, false).withWriter(assembler.writer()));

        assembler.drain();

        assertThat(assembler.nextBeat().status().draining()).isTrue();
        assertThat(assembler.nextBeat().status().draining()).isTrue();
    }

    @Test
    void cpuUsage_isRealFromTheFirstBeat() {
        SnapshotAssembler real = new SnapshotAssembler(
                settings, recorder, jvm(HostGauges.NONE, System::nanoTime), InstantSource.system(), System::nanoTime);

        assertThat(real.nextBeat().snapshot().number(Field.CPU_USAGE))
                .as("a JVM that has just run tests has used its CPU")
                .isPositive();
    }

    @Test
    void gauge_thatBlocksAffectsOnlyItsOwnField() {
        ConditionFactory await = Awaitility.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(10));
        CountDownLatch never = new CountDownLatch(1);
        JvmSource source = new JvmSource(
                settings.uid(),
                settings.name(),
                recorder,
                new HostGauges(() -> numClients.getAsLong(), () -> numUniqueClients.getAsLong(), () -> 1),
                new ProcessSampler(),
                ticker,
                Duration.ofMillis(100));
        SnapshotAssembler blocking = new SnapshotAssembler(settings, recorder, source, ticker, ticker);
        await.until(() -> blocking.nextBeat().status().quality().isEmpty());
        numClients = () -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return 0;
        };
        blocking.nextBeat();
        numUniqueClients = () -> 5;

        await.untilAsserted(() -> {
            SnapshotEnvelope beat = blocking.nextBeat();
            assertThat(beat.snapshot().number(Field.NUM_CLIENTS)).isEqualTo(3);
            assertThat(beat.snapshot().number(Field.NUM_UNIQUE_CLIENTS)).isEqualTo(5);
            assertThat(beat.status().quality().byWireName()).containsExactly(Map.entry("num_clients", Quality.STALE));
        });
        numClients = () -> 8;
        never.countDown();
        await.until(() -> blocking.nextBeat().snapshot().number(Field.NUM_CLIENTS) == 8);
        source.close();
    }

    @Test
    void source_withoutANode_isLoggedOnce() {
        NodeSource source = new NodeSource() {
            @Override
            public String describe() {
                return "node vm_8125, from StatsD";
            }

            @Override
            public @Nullable NodeState read(RecordedInterval recorded) {
                return null;
            }
        };
        SnapshotAssembler absent = new SnapshotAssembler(settings, recorder, source, ticker, ticker);

        try (CapturedLog log = CapturedLog.of(SnapshotAssembler.class)) {
            assertThat(absent.nextBeat()).isNull();
            assertThat(absent.nextBeat()).isNull();

            assertThat(log.lines())
                    .containsExactly(
                            "INFO node vm_8125, from StatsD: no node; nothing is published until its process runs"
                                    + " or values arrive");
        }
    }

    @Test
    void source_thatThrowsDoesNotEndTheBeats() {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        JvmSource jvm = new JvmSource(settings.uid(), "n", recorder, HostGauges.NONE, new ProcessSampler(), ticker);
        NodeSource source = new NodeSource() {
            @Override
            public String describe() {
                return "fails";
            }

            @Override
            public NodeState read(RecordedInterval recorded) {
                if (failure.get() instanceof Error error) {
                    throw error;
                }
                if (failure.get() instanceof RuntimeException exception) {
                    throw exception;
                }
                return jvm.read(recorded);
            }
        };
        SnapshotAssembler failing = new SnapshotAssembler(settings, recorder, source, ticker, ticker);
        recorder.messagesPublished(7);
        failing.closeWindow();
        for (Throwable thrown : new Throwable[] {new IllegalArgumentException("bad"), new StackOverflowError()}) {
            failure.set(thrown);

            SnapshotEnvelope beat = failing.nextBeat();
            assertThat(beat.snapshot().number(Field.NUM_MSG_PUBLISHED)).isEqualTo(7);
            assertThat(beat.status().quality().of(Field.NUM_MSG_PUBLISHED)).isEqualTo(Quality.STALE);
            assertThat(failing.closeWindow()).as("no window counts twice").isNull();
        }
        failure.set(null);

        assertThat(failing.nextBeat().status().quality().of(Field.NUM_MSG_PUBLISHED))
                .isEqualTo(Quality.EXACT);
    }

    @Test
    void status_thatIsOutOfBoundsDoesNotEndTheBeats() {
        JvmSource jvm = new JvmSource(settings.uid(), "n", recorder, HostGauges.NONE, new ProcessSampler(), ticker);
        NodeSource source = new NodeSource() {
            @Override
            public String describe() {
                return "bad version";
            }

            @Override
            public NodeState read(RecordedInterval recorded) {
                NodeState state = jvm.read(recorded);
                return new NodeState(
                        state.snapshot(), recorded, "6\n9", Map.of("1", "x"), state.quality(), state.totals());
            }
        };

        NodeStatus status = new SnapshotAssembler(settings, recorder, source, ticker, ticker)
                .nextBeat()
                .status();
        assertThat(status.version()).isNull();
        assertThat(status.labels()).isEmpty();
    }
}

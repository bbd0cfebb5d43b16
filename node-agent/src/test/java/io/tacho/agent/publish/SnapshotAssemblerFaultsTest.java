// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.agent.process.ProcessSampler;
import io.tacho.agent.record.HostGauges;
import io.tacho.agent.record.IntervalRecorder;
import io.tacho.agent.record.RecordedInterval;
import io.tacho.agent.source.JvmSource;
import io.tacho.agent.source.NodeSource;
import io.tacho.agent.source.NodeState;
import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeStatus;
import io.tacho.model.Quality;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.testing.CapturedLog;
import io.tacho.testing.ManualTicker;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Gauges and sources that fail, block, report no node, or return invalid values. */
@Isolated("reads the log")
class SnapshotAssemblerFaultsTest {

    private static final LongSupplier BROKEN = () -> {
        throw new NoClassDefFoundError("of the host");
    };

    private final ManualTicker ticker = new ManualTicker();
    private final IntervalRecorder recorder = new IntervalRecorder();
    private final PublishSettings settings =
            PublishSettings.of("node_1", Duration.ofSeconds(60), Duration.ofSeconds(5), Duration.ofSeconds(15), null);

    private LongSupplier numClients = () -> 3;
    private LongSupplier numUniqueClients = () -> 2;
    private LongSupplier numChannels = () -> 1;
    private final HostGauges gauges = new HostGauges(
            () -> numClients.getAsLong(), () -> numUniqueClients.getAsLong(), () -> numChannels.getAsLong());

    private SnapshotAssembler assembler(NodeSource source) {
        return new SnapshotAssembler(settings, recorder, source, ticker, ticker);
    }

    @Test
    void gauge_thatFails_keepsItsLastValue() {
        SnapshotAssembler assembler = assembler(
                new JvmSource(settings.uid(), settings.name(), recorder, gauges, new ProcessSampler(), ticker));
        assembler.nextBeat();
        numClients = BROKEN;
        numUniqueClients = () -> -1;
        numChannels = () -> Long.MAX_VALUE;

        NodeSnapshot failing = assembler.nextBeat().snapshot();
        numClients = () -> 9;
        NodeSnapshot recovered = assembler.nextBeat().snapshot();

        assertThat(new long[] {
                    failing.number(Field.NUM_CLIENTS),
                    failing.number(Field.NUM_UNIQUE_CLIENTS),
                    failing.number(Field.NUM_CHANNELS)
                })
                .containsExactly(3, 2, 1);
        assertThat(recovered.number(Field.NUM_CLIENTS)).isEqualTo(9);
    }

    @Test
    void gauge_thatBlocks_affectsOnlyItsOwnField() {
        ConditionFactory await = Awaitility.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(10));
        CountDownLatch never = new CountDownLatch(1);
        JvmSource source = new JvmSource(
                settings.uid(),
                settings.name(),
                recorder,
                gauges,
                new ProcessSampler(),
                ticker,
                Duration.ofMillis(100));
        SnapshotAssembler blocking = assembler(source);
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
    void source_withoutNode_isLoggedOnce() {
        NodeSource source = new NodeSource() {
            @Override
            public String describe() {
                return "node vm_8125 (from StatsD)";
            }

            @Override
            public @Nullable NodeState read(RecordedInterval recorded) {
                return null;
            }
        };
        SnapshotAssembler absent = assembler(source);

        try (CapturedLog log = CapturedLog.of(SnapshotAssembler.class)) {
            assertThat(absent.nextBeat()).isNull();
            assertThat(absent.nextBeat()).isNull();

            assertThat(log.lines())
                    .containsExactly(
                            "INFO node vm_8125 (from StatsD): no node; nothing is published until its process runs"
                                    + " or values arrive");
        }
    }

    @Test
    void source_thatThrows_beatsContinue() {
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
        SnapshotAssembler failing = assembler(source);
        recorder.messagesPublished(7);
        failing.closeWindow();
        for (Throwable thrown : new Throwable[] {new IllegalArgumentException("bad"), new StackOverflowError()}) {
            failure.set(thrown);

            SnapshotEnvelope beat = failing.nextBeat();
            assertThat(beat.snapshot().number(Field.NUM_MSG_PUBLISHED)).isEqualTo(7);
            assertThat(beat.status().quality().of(Field.NUM_MSG_PUBLISHED)).isEqualTo(Quality.STALE);
            assertThat(failing.closeWindow()).as("window of a failing source").isNull();
        }
        failure.set(null);

        assertThat(failing.nextBeat().status().quality().of(Field.NUM_MSG_PUBLISHED))
                .isEqualTo(Quality.EXACT);
    }

    @Test
    void status_outOfBounds_beatsContinue() {
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

        NodeStatus status = assembler(source).nextBeat().status();
        assertThat(status.version()).isNull();
        assertThat(status.labels()).isEmpty();
    }
}

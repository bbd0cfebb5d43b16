// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.agent.process.OtherProcess;
import io.tacho.agent.process.ProcessNumbers;
import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import io.tacho.testing.CapturedLog;
import io.tacho.testing.ManualTicker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Isolated("captures a log")
class HostGaugeTest {

    private LongSupplier supplier = () -> 7;
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private Executor executor = Runnable::run;
    private final HostGauge gauge =
            new HostGauge(Field.NUM_CLIENTS, () -> supplier.getAsLong(), task -> executor.execute(task));

    /** Returns value and quality of the field after a call with an expired timeout. */
    private String read() {
        SnapshotBuilder snapshot = new SnapshotBuilder("u", "n");
        gauge.begin();
        gauge.set(snapshot, System.nanoTime());
        return snapshot.snapshot().number(Field.NUM_CLIENTS) + " "
                + snapshot.quality().of(Field.NUM_CLIENTS).label();
    }

    @Test
    void value_isReadFromHost() {
        assertThat(read()).isEqualTo("7 exact");
        supplier = () -> NodeSnapshot.MAX_VALUE;
        assertThat(read()).isEqualTo(NodeSnapshot.MAX_VALUE + " exact");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, NodeSnapshot.MAX_VALUE + 1, Long.MAX_VALUE})
    void valueOutOfBounds_lastValueIsKept(long value) {
        supplier = () -> value;
        assertThat(read()).as("no value yet").isEqualTo("0 unavailable");

        supplier = () -> 7;
        assertThat(read()).isEqualTo("7 exact");
        supplier = () -> value;
        assertThat(read()).isEqualTo("7 stale");
    }

    @Test
    void failure_isLoggedOnce_endsWithNextValue() {
        try (CapturedLog log = CapturedLog.of(HostGauge.class)) {
            read();
            supplier = () -> {
                throw new StackOverflowError("of the host");
            };
            assertThat(read()).isEqualTo("7 stale");
            assertThat(read()).isEqualTo("7 stale");
            assertThat(log.warnings()).containsExactly("num_clients: the host's gauge failed; keeping 7");

            supplier = () -> 8;
            assertThat(read()).isEqualTo("8 exact");
        }
    }

    @Test
    void blockedCall_isNotRepeatedUntilItReturns() {
        read();
        executor = tasks::add;

        assertThat(read()).isEqualTo("7 stale");
        assertThat(read()).isEqualTo("7 stale");
        assertThat(tasks).as("submitted calls").hasSize(1);

        supplier = () -> 9;
        tasks.remove().run();
        assertThat(read()).isEqualTo("9 exact");
    }

    @Test
    void interrupt_lastValueIsKept_interruptStatusIsRestored() {
        read();
        executor = tasks::add;
        Thread.currentThread().interrupt();

        assertThat(read()).isEqualTo("7 stale");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void observedProcess_hasFieldsOfOperatingSystem() {
        ManualTicker ticker = new ManualTicker();
        long startedAt = ticker.instant().getEpochSecond() - 100;
        ProcessNumbers[] numbers = {new ProcessNumbers(1, 12, 4_096, 1_000_000_000L, startedAt)};
        OtherProcess process = new OtherProcess(() -> Optional.ofNullable(numbers[0]), ticker, ticker);
        ObservedProcess observed = new ObservedProcess(process);
        assertThat(observed.of(Field.NUM_GOROUTINE)).isEmpty();

        process.refresh();
        process.endWindow();
        assertThat(observed.of(Field.CPU_USAGE))
                .as("CPU usage since process start")
                .hasValue(1);
        ticker.advance(Duration.ofSeconds(10));
        numbers[0] = new ProcessNumbers(1, 13, 8_192, 6_000_000_000L, startedAt);
        process.refresh();
        process.endWindow();

        assertThat(observed.of(Field.NUM_GOROUTINE)).hasValue(13);
        assertThat(observed.of(Field.MEMORY_SYS)).hasValue(8_192);
        assertThat(observed.of(Field.STARTED_AT)).hasValue(startedAt);
        assertThat(observed.of(Field.CPU_USAGE)).hasValue(50);
        assertThat(observed.of(Field.NUM_CPU).orElse(0)).isPositive();
        assertThat(observed.of(Field.NUM_CLIENTS)).isEmpty();

        numbers[0] = null;
        process.refresh();
        assertThat(observed.of(Field.MEMORY_SYS)).as("process has ended").isEmpty();
        assertThat(observed.of(Field.CPU_USAGE)).isEmpty();
    }
}

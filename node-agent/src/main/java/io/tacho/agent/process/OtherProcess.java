// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.process;

import java.time.Duration;
import java.time.InstantSource;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A process of this machine that the agent reports in addition to its source. It may end and be replaced by another.
 *
 * <p>Thread safety: safe.
 */
public final class OtherProcess {

    private final ProcessProbe probe;
    private final InstantSource clock;
    private final LongSupplier nanoTime;

    private @Nullable ProcessNumbers numbers;
    private @Nullable CpuUsageMeter cpu;
    private OptionalDouble cpuUsage = OptionalDouble.empty();

    public OtherProcess(ProcessProbe probe, InstantSource clock, LongSupplier nanoTime) {
        this.probe = probe;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /** Returns the absence of a process, whose values are all unknown. */
    public static OtherProcess none() {
        return new OtherProcess(ProcessProbe.NONE, InstantSource.system(), System::nanoTime);
    }

    /** Reads the resource usage of the process; takes some milliseconds. */
    public void refresh() {
        take(probe.sample().orElse(null));
    }

    private synchronized void take(@Nullable ProcessNumbers sample) {
        ProcessNumbers last = numbers;
        numbers = sample;
        if (sample == null) {
            cpu = null;
            cpuUsage = OptionalDouble.empty();
        } else if (last == null || cpu == null || !isSame(last, sample)) {
            Duration uptime = Duration.ofMillis(Math.max(1, clock.millis() - sample.startedAtSeconds() * 1_000));
            cpu = new CpuUsageMeter(this::cpuTimeNanos, nanoTime, uptime);
            cpuUsage = OptionalDouble.empty();
        }
    }

    private static boolean isSame(ProcessNumbers a, ProcessNumbers b) {
        return a.pid() == b.pid() && a.startedAtSeconds() == b.startedAtSeconds();
    }

    private long cpuTimeNanos() {
        return numbers == null ? 0 : numbers.cpuTimeNanos();
    }

    /** Ends a window: the CPU usage is that of the time since the previous call. */
    public synchronized void endWindow() {
        cpuUsage = cpu == null ? OptionalDouble.empty() : some(cpu.takeInterval());
    }

    /** Returns true if the process exists. */
    public synchronized boolean isThere() {
        return numbers != null;
    }

    /** Returns whether it is known if the process exists; false if this machine's processes cannot be observed. */
    public boolean isObservable() {
        return probe.isConclusive();
    }

    public synchronized OptionalDouble threads() {
        return numbers == null ? OptionalDouble.empty() : some(numbers.threads());
    }

    public synchronized OptionalDouble residentBytes() {
        return numbers == null ? OptionalDouble.empty() : some(numbers.residentBytes());
    }

    public synchronized OptionalDouble startedAtSeconds() {
        return numbers == null ? OptionalDouble.empty() : some(numbers.startedAtSeconds());
    }

    /** Returns the CPU usage in percent in the last window; until the first ends, since the process' start. */
    public synchronized OptionalDouble cpuUsage() {
        return cpuUsage.isPresent() || cpu == null ? cpuUsage : some(cpu.peek());
    }

    private static OptionalDouble some(long value) {
        return OptionalDouble.of((double) value);
    }
}

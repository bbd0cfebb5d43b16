// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.process;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Measures the CPU usage of a process over an interval in percent; 100 is one busy core. The first interval begins with the process.
 *
 * <p>Thread safety: one caller at a time.
 */
public final class CpuUsageMeter {

    private final LongSupplier cpuTimeNanos;
    private final LongSupplier nanoTime;

    private long lastCpu;
    private long lastTime;

    /**
     * Creates a meter for a process that is running.
     *
     * @param cpuTimeNanos CPU time used since the process' start
     * @param nanoTime monotonic clock
     * @param uptime time since the process' start
     */
    public CpuUsageMeter(LongSupplier cpuTimeNanos, LongSupplier nanoTime, Duration uptime) {
        this.cpuTimeNanos = cpuTimeNanos;
        this.nanoTime = nanoTime;
        lastTime = nanoTime.getAsLong() - uptime.toNanos();
    }

    /** Returns the rounded percentage since the last {@link #takeInterval()}; the interval continues. */
    public long peek() {
        return percent(cpuTimeNanos.getAsLong(), nanoTime.getAsLong());
    }

    /** Returns the rounded percentage since the last call; begins a new interval. */
    public long takeInterval() {
        long cpu = cpuTimeNanos.getAsLong();
        long time = nanoTime.getAsLong();
        long percent = percent(cpu, time);
        lastCpu = cpu;
        lastTime = time;
        return percent;
    }

    private long percent(long cpu, long time) {
        long used = cpu - lastCpu;
        long passed = time - lastTime;
        return passed > 0 && used >= 0 ? Math.round(100.0 * used / passed) : 0;
    }
}

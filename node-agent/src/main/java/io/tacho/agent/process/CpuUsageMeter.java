// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.process;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * CPU percent of a process over an interval, 100 is one core busy. The first interval begins with the process.
 *
 * <p>Thread safety: one caller at a time.
 */
public final class CpuUsageMeter {

    private final LongSupplier cpuTimeNanos;
    private final LongSupplier nanoTime;

    private long lastCpu;
    private long lastTime;

    /**
     * A meter for a process that is running.
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

    /** Rounded percent since the last {@link #takeInterval()}; the interval goes on. */
    public long peek() {
        return percent(cpuTimeNanos.getAsLong(), nanoTime.getAsLong());
    }

    /** Rounded percent since the last call; begins a new interval. */
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

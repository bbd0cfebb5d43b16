// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.process;

import java.util.function.LongSupplier;

/**
 * CPU percent of a process between two looks, 100 is one core busy.
 *
 * <p>Thread safety: one caller at a time.
 */
public final class CpuUsageMeter {

    private final LongSupplier cpuTimeNanos;
    private final LongSupplier nanoTime;

    private long lastCpu;
    private long lastTime;
    private boolean started;

    /**
     * @param cpuTimeNanos CPU time used since the process' start
     * @param nanoTime monotonic clock
     */
    public CpuUsageMeter(LongSupplier cpuTimeNanos, LongSupplier nanoTime) {
        this.cpuTimeNanos = cpuTimeNanos;
        this.nanoTime = nanoTime;
    }

    /** Rounded percent since the last call; 0 at the first. */
    public long takeInterval() {
        long cpu = cpuTimeNanos.getAsLong();
        long time = nanoTime.getAsLong();
        long usedCpu = cpu - lastCpu;
        long passed = time - lastTime;
        boolean known = started && passed > 0 && usedCpu >= 0;
        lastCpu = cpu;
        lastTime = time;
        started = true;
        return known ? Math.round(100.0 * usedCpu / passed) : 0;
    }
}

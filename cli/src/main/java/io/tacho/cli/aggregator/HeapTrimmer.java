// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.aggregator;

import io.tacho.concurrent.DaemonThreads;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Returns heap that is no longer used to the system: what the start, a flood of nodes or the load of a large cluster has left. G1
 * marks live objects only when much of the heap is occupied, and shrinks the heap only when it has marked, so a heap that has grown
 * stays as large as it is. Therefore this class has the heap marked, beside the work, soon after the start and when the heap has
 * grown by a quarter; and again while that makes it smaller.
 *
 * <p>Thread safety: confined to one thread.
 */
final class HeapTrimmer {

    private static final long FIRST_SECONDS = 5;
    private static final long INTERVAL_SECONDS = 30;
    private static final double GROWTH = 1.25;
    private static final double SHRINKAGE = 0.9;

    private final Supplier<MemoryUsage> heap;
    private final Runnable collectAll;

    /** The size after the last collection; 0 if there is reason for another one. */
    private long restingBytes;

    /**
     * Creates a trimmer.
     *
     * @param collectAll collects the whole heap concurrently, and returns when that is done
     */
    HeapTrimmer(Supplier<MemoryUsage> heap, Runnable collectAll) {
        this.heap = heap;
        this.collectAll = collectAll;
    }

    /** Starts to trim the heap of this JVM in the background; its options make an explicit collection a concurrent one. */
    static void start() {
        HeapTrimmer trimmer = new HeapTrimmer(ManagementFactory.getMemoryMXBean()::getHeapMemoryUsage, System::gc);
        DaemonThreads.scheduler("tacho-heap")
                .scheduleWithFixedDelay(trimmer::trim, FIRST_SECONDS, INTERVAL_SECONDS, TimeUnit.SECONDS);
    }

    /** Collects the whole heap if it has grown, or has shrunk by the last collection; called once in an interval. */
    void trim() {
        long committed = heap.get().getCommitted();
        if (committed > GROWTH * restingBytes) {
            collectAll.run();
            long left = heap.get().getCommitted();
            restingBytes = left < SHRINKAGE * committed ? 0 : left;
        }
    }
}

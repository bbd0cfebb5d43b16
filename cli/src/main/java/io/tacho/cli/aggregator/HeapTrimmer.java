// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.aggregator;

import io.tacho.concurrent.DaemonThreads;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Returns heap that is no longer used to the system: what the start or a flood of nodes has left. G1 marks live objects only when
 * much of the heap is occupied, and frees regions that are partly live only while the program allocates: what was allocated once
 * stays for as long as there is room. Therefore this class collects the whole heap, which shrinks it, after the start and when
 * the heap has grown by half, as soon as little is allocated. Then few nodes send beats, so that little is live, and the pause is
 * short.
 *
 * <p>Thread safety: confined to one thread.
 */
final class HeapTrimmer {

    private static final long INTERVAL_SECONDS = 5;

    /** With more collections of young objects in an interval, the heap is in use. 10,000 nodes with beats of 5 s need three. */
    static final long MAX_COLLECTIONS = 2;

    private static final double GROWTH = 1.5;

    private final Supplier<MemoryUsage> heap;
    private final LongSupplier collections;
    private final Runnable collectAll;
    private long lastCollections;
    private long restingBytes;

    /**
     * Creates a trimmer of a heap that was never trimmed.
     *
     * @param collections the number of collections so far
     */
    HeapTrimmer(Supplier<MemoryUsage> heap, LongSupplier collections, Runnable collectAll) {
        this.heap = heap;
        this.collections = collections;
        this.collectAll = collectAll;
        lastCollections = collections.getAsLong();
    }

    /** Starts to trim the heap of this JVM in the background. */
    static void start() {
        HeapTrimmer trimmer = new HeapTrimmer(
                ManagementFactory.getMemoryMXBean()::getHeapMemoryUsage, HeapTrimmer::collectionsOfThisJvm, System::gc);
        DaemonThreads.scheduler("tacho-heap")
                .scheduleWithFixedDelay(trimmer::trim, INTERVAL_SECONDS, INTERVAL_SECONDS, TimeUnit.SECONDS);
    }

    private static long collectionsOfThisJvm() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                .sum();
    }

    /** Collects the whole heap if it has grown and little is allocated; called once in an interval. */
    void trim() {
        long now = collections.getAsLong();
        boolean inUse = now - lastCollections > MAX_COLLECTIONS;
        lastCollections = now;
        if (!inUse && heap.get().getCommitted() > GROWTH * restingBytes) {
            collectAll.run();
            restingBytes = heap.get().getCommitted();
        }
    }
}

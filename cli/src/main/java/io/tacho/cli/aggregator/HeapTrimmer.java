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
 * the heap is half as large again as it was at its smallest, as soon as little is allocated. Nodes that were lost are live until they
 * expire, so it tries again, each time later if it was in vain, unless the heap has grown meanwhile. The pause grows with what is live.
 *
 * <p>Thread safety: confined to one thread.
 */
final class HeapTrimmer {

    private static final long INTERVAL_SECONDS = 5;

    /** With more collections in an interval, the heap is in use: 10,000 nodes with beats of 5 s need three of young objects. */
    static final long MAX_COLLECTIONS = 2;

    private static final double GROWTH = 1.5;

    /** Intervals between two collections: half a minute, and an hour after many in vain. */
    static final int MIN_PAUSE = 6;

    static final int MAX_PAUSE = 720;

    private final Supplier<MemoryUsage> heap;
    private final LongSupplier collections;
    private final Runnable collectAll;
    private long lastCollections;
    private long smallestBytes;
    private long lastBytes;
    private int pause = MIN_PAUSE;
    private int remainingPause;

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
        long before = heap.get().getCommitted();
        if (before > GROWTH * lastBytes) {
            remainingPause = Math.min(remainingPause, MIN_PAUSE);
        }
        if (remainingPause > 0) {
            remainingPause--;
        } else if (!inUse && before > GROWTH * smallestBytes) {
            collectAll.run();
            long after = heap.get().getCommitted();
            lastBytes = after;
            smallestBytes = smallestBytes == 0 ? after : Math.min(smallestBytes, after);
            pause = before > GROWTH * after ? MIN_PAUSE : Math.min(2 * pause, MAX_PAUSE);
            remainingPause = pause;
        }
    }
}

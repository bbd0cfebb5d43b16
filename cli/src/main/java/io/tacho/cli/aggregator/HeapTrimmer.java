// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.aggregator;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.tacho.concurrent.DaemonThreads;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Returns heap that is no longer used to the system, for example after a flood of nodes. G1 shrinks its heap when it has marked the
 * live objects, and marks them only when much of the heap is occupied: what a flood has left is neither found nor returned for as
 * long as there is room. Therefore this class starts a concurrent marking every {@value #INTERVAL_SECONDS} s while the heap is larger
 * than the initial one. Marking takes about a millisecond of CPU per megabyte of live objects, beside the program.
 *
 * <p>Thread safety: safe.
 */
final class HeapTrimmer {

    private static final long INTERVAL_SECONDS = 30;

    private final Supplier<MemoryUsage> heap;
    private final Runnable mark;

    HeapTrimmer(Supplier<MemoryUsage> heap, Runnable mark) {
        this.heap = heap;
        this.mark = mark;
    }

    /** Starts to trim the heap of this JVM in the background, unless its options make every explicit collection a long pause. */
    static void start() {
        if (isMarkingConcurrent()) {
            HeapTrimmer trimmer = new HeapTrimmer(ManagementFactory.getMemoryMXBean()::getHeapMemoryUsage, System::gc);
            DaemonThreads.scheduler("tacho-heap")
                    .scheduleWithFixedDelay(trimmer::trim, INTERVAL_SECONDS, INTERVAL_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** {@return whether {@link System#gc} only starts a concurrent marking} */
    static boolean isMarkingConcurrent() {
        try {
            HotSpotDiagnosticMXBean jvm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
            return jvm != null && isSet(jvm, "UseG1GC") && isSet(jvm, "ExplicitGCInvokesConcurrent");
        } catch (IllegalArgumentException e) {
            // another JVM than HotSpot
            return false;
        }
    }

    private static boolean isSet(HotSpotDiagnosticMXBean jvm, String option) {
        return Boolean.parseBoolean(jvm.getVMOption(option).getValue());
    }

    /** Marks the live objects if the heap has grown beyond its initial size. */
    void trim() {
        MemoryUsage usage = heap.get();
        if (usage.getCommitted() > usage.getInit()) {
            mark.run();
        }
    }
}

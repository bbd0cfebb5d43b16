// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import com.sun.management.OperatingSystemMXBean;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.Unit;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.List;

/** The aggregator's process, under the names that Prometheus' clients have. */
final class ProcessMetrics {

    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MILLIS_PER_SECOND = 1e3;

    private ProcessMetrics() {}

    static void write(Families families) {
        families.gauge(
                "process_start_time",
                Unit.SECONDS,
                "Start of the process, UNIX time.",
                ManagementFactory.getRuntimeMXBean().getStartTime() / MILLIS_PER_SECOND);
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            families.counter(
                    "process_cpu", Unit.SECONDS, "CPU time used.", system.getProcessCpuTime() / NANOS_PER_SECOND);
        }
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        families.gauge(
                "jvm_memory_used",
                Unit.BYTES,
                "Memory of the JVM in use.",
                List.of(
                        Families.gauge(memory.getHeapMemoryUsage().getUsed(), Labels.of("area", "heap")),
                        Families.gauge(memory.getNonHeapMemoryUsage().getUsed(), Labels.of("area", "nonheap"))));
        families.gauge(
                "jvm_threads_current",
                null,
                "Threads of the JVM.",
                ManagementFactory.getThreadMXBean().getThreadCount());
    }
}

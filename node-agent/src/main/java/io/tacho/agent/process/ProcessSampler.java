// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.process;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.RuntimeMXBean;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Samples the resource usage of this JVM process from the JDK and {@code /proc}.
 *
 * <p>Thread safety: safe.
 */
public final class ProcessSampler {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path KERNEL_HOST_NAME = Path.of("/proc/sys/kernel/hostname");
    private static final Path ONLINE_CPUS = Path.of("/sys/devices/system/cpu/online");

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    private final RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
    private final OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private final int machineProcessors = readMachineProcessors();

    /** Returns the number of live threads of the JVM. */
    public long numThreads() {
        return threads.getThreadCount();
    }

    /** Returns the number of CPUs that the process may use, within the limits of a container. */
    public long availableProcessors() {
        return Runtime.getRuntime().availableProcessors();
    }

    /** Returns the number of CPUs of the machine, regardless of the limits of a container. */
    public long machineProcessors() {
        return machineProcessors;
    }

    /** Returns the start of the process, UNIX seconds. */
    public long startedAtSeconds() {
        return runtime.getStartTime() / 1_000;
    }

    /** Returns the time since the start of the process. */
    public Duration uptime() {
        return Duration.ofMillis(Math.max(0, runtime.getUptime()));
    }

    /** Returns the name of the machine or container, {@code localhost} if it has none. */
    public static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // common on minimal machines; the kernel knows the name all the same
            return unresolvedHost(KERNEL_HOST_NAME, System.getenv("HOSTNAME"));
        }
    }

    /** Returns the name of a machine that the resolver does not know. */
    static String unresolvedHost(Path kernel, @Nullable String environment) {
        String name = "";
        try {
            name = Files.readString(kernel).strip();
        } catch (IOException e) {
            // no /proc here
        }
        if ((name.isEmpty() || name.equals("(none)")) && environment != null) {
            name = environment.strip();
        }
        return name.isEmpty() || name.equals("(none)") ? "localhost" : name;
    }

    /** Returns the CPU time that all threads have used since the start, nanoseconds; negative if the platform does not report it. */
    public long cpuTimeNanos() {
        return system.getProcessCpuTime();
    }

    /** Returns the resident memory of the process in bytes; if the platform does not report it, the memory that the JVM has committed. */
    public long residentBytes() {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith("VmRSS:")) {
                    return kibibytes(line);
                }
            }
        } catch (IOException e) {
            // no /proc here
        }
        return memory.getHeapMemoryUsage().getCommitted()
                + memory.getNonHeapMemoryUsage().getCommitted();
    }

    /** {@code VmRSS:   12345 kB} */
    private static long kibibytes(String line) {
        return Long.parseLong(line.replaceAll("\\D+", "")) * 1_024;
    }

    private static int readMachineProcessors() {
        try {
            return countCpus(Files.readString(ONLINE_CPUS).strip());
        } catch (IOException | IllegalArgumentException e) {
            return Runtime.getRuntime().availableProcessors();
        }
    }

    /** Returns the number of CPUs in a list as the kernel writes it: {@code 0-3,6,8-9} has 7. */
    static int countCpus(String list) {
        int count = 0;
        for (String range : List.of(list.split(",", -1))) {
            String[] ends = range.split("-", 2);
            int first = Integer.parseInt(ends[0]);
            count += ends.length == 1 ? 1 : Integer.parseInt(ends[1]) - first + 1;
        }
        return count;
    }
}

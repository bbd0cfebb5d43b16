// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The machine of the measurement, as the JVM sees it: within a container with its limits.
 *
 * @param cpus that may be used
 * @param memoryMegabytes that may be used
 * @param load average of the last minute when it began: above a few tenths something else runs too
 */
record Machine(int cpus, String processor, long memoryMegabytes, String system, String load) {

    static Machine describe() {
        long bytes =
                ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean bean
                        ? bean.getTotalMemorySize()
                        : 0;
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                line("/proc/cpuinfo", "model name"),
                bytes / 1_000_000,
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                line("/proc/loadavg", "").split(" ", -1)[0]);
    }

    /** {@return whether it is the same but for its load} */
    boolean isSame(Machine other) {
        return equals(new Machine(other.cpus, other.processor, other.memoryMegabytes, other.system, load));
    }

    private static String line(String file, String start) {
        try {
            return Files.readAllLines(Path.of(file)).stream()
                    .filter(line -> line.startsWith(start))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }

    @Override
    public String toString() {
        return cpus + " CPUs, " + processor + ", " + memoryMegabytes + " MB, " + system + ", load " + load;
    }
}

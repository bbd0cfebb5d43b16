// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The machine of the measurement.
 *
 * @param load average of the last minute when it began: above a few tenths something else runs too
 */
record Machine(int cpus, String processor, String system, String java, String load) {

    static Machine describe() {
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                line("/proc/cpuinfo", "model name"),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.vm.version", ""),
                line("/proc/loadavg", "").split(" ", -1)[0]);
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
        return cpus + " CPUs, " + processor + ", " + system + ", Java " + java + ", load " + load;
    }
}

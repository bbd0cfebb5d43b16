// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Resources that processes use, from {@code /proc}. */
public final class ProcessUsage {

    private static final long MILLIS_PER_TICK = 10;

    private ProcessUsage() {}

    /** {@return the CPU time of the process and its children so far} */
    public static long cpuMillis(long pid) throws IOException {
        ProcessHandle process =
                ProcessHandle.of(pid).orElseThrow(() -> new IOException("process " + pid + " has ended"));
        long ticks = 0;
        try (Stream<ProcessHandle> family = Stream.concat(Stream.of(process), process.descendants())) {
            for (ProcessHandle member : family.toList()) {
                String stat = Files.readString(Path.of("/proc/" + member.pid() + "/stat"));
                // the name in parentheses may contain anything
                String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
                ticks += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
            }
        }
        return ticks * MILLIS_PER_TICK;
    }

    /** {@return the memory of the process in RAM, including what it shares with others} */
    public static double residentMegabytes(long pid) throws IOException {
        try (Stream<String> status = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return status.filter(line -> line.startsWith("VmRSS:"))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) * 1_024 / 1e6)
                    .findFirst()
                    .orElse(0);
        }
    }
}

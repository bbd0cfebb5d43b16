// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import io.tacho.process.ChildProcess;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The memory of a soak after a garbage collection, KiB.
 *
 * @param heap the live heap of this JVM, with all agents and an aggregator
 * @param programHeap the live heap of the aggregator in its own JVM
 * @param programResident the resident memory of that JVM
 */
record SoakMemory(long heap, long programHeap, long programResident) {

    private static final Pattern USED = Pattern.compile("heap.*? used (\\d+)K");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    static SoakMemory measure(ChildProcess program) throws Exception {
        System.gc();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1024;
        jcmd(program, "GC.run");
        long programHeap = number(USED, jcmd(program, "GC.heap_info"));
        String status = Files.readString(Path.of("/proc", Long.toString(program.pid()), "status"));
        return new SoakMemory(heap, programHeap, number(RESIDENT, status));
    }

    private static String jcmd(ChildProcess program, String command) throws Exception {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(program.pid()),
                        command)
                .redirectErrorStream(true)
                .start();
        String out = new String(jcmd.getInputStream().readAllBytes());
        jcmd.waitFor();
        return out;
    }

    private static long number(Pattern pattern, String text) throws IOException {
        Matcher found = pattern.matcher(text);
        if (!found.find()) {
            throw new IOException("no " + pattern + " in " + text);
        }
        return Long.parseLong(found.group(1));
    }

    /** {@return the least of each} */
    static SoakMemory least(List<SoakMemory> all) {
        return all.stream()
                .reduce((one, other) -> new SoakMemory(
                        Math.min(one.heap, other.heap),
                        Math.min(one.programHeap, other.programHeap),
                        Math.min(one.programResident, other.programResident)))
                .orElseThrow();
    }

    /** {@return whether nothing is larger than it was by more than a factor} */
    boolean isWithin(double factor, SoakMemory first) {
        return heap <= factor * first.heap
                && programHeap <= factor * first.programHeap
                && programResident <= factor * first.programResident;
    }

    @Override
    public String toString() {
        return "heap " + heap + " KiB; aggregator: heap " + programHeap + " KiB, resident " + programResident + " KiB";
    }
}

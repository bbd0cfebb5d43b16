// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.embedded.Leash;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A program under test as a child process: logs to a file, and does not outlive this JVM.
 *
 * <p>Thread safety: safe.
 */
final class Child implements AutoCloseable {

    private static final long END_SECONDS = 20;
    private static final long MILLIS_PER_TICK = 10;
    private static final String LISTENING = "listening ";

    private final String name;
    private final Process process;
    private final Leash leash;
    private final Path log;
    private final long startedNanos = System.nanoTime();
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private Child(String name, Process process, Leash leash, Path log) {
        this.name = name;
        this.process = process;
        this.leash = leash;
        this.log = log;
    }

    static Child start(String name, Path logs, List<String> command) throws IOException {
        Path log = logs.resolve(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(logs.toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        // settings of another cluster do not fit
        builder.environment().keySet().removeIf(variable -> variable.startsWith("TACHO_"));
        Process process = builder.start();
        process.getOutputStream().close();
        Child child = new Child(name, process, Leash.on(process), log);
        Thread reader = new Thread(child::readOutput, "tacho-bench-" + name);
        reader.setDaemon(true);
        reader.start();
        return child;
    }

    private void readOutput() {
        try (BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            // the process is gone
        }
    }

    /** Where it says that it listens. */
    String awaitAddress(long timeoutSeconds) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds);
        while (System.nanoTime() < deadline && (process.isAlive() || !lines.isEmpty())) {
            String line = lines.poll(20, TimeUnit.MILLISECONDS);
            if (line != null && line.startsWith(LISTENING)) {
                return line.substring(LISTENING.length());
            }
        }
        throw new IOException(name + " does not listen: " + logged());
    }

    /**
     * Fails if the program has ended, with what it said.
     *
     * @throws IOException if so
     */
    void requireAlive() throws IOException {
        if (!process.isAlive()) {
            throw new IOException(name + " has ended with status " + process.exitValue() + ": " + logged());
        }
    }

    private String logged() throws IOException {
        return Files.exists(log) ? Files.readString(log).strip() : "";
    }

    long pid() {
        return process.pid();
    }

    double sinceStartSeconds() {
        return (System.nanoTime() - startedNanos) / 1e9;
    }

    /** CPU time of the process and its children so far. */
    long cpuMillis() throws IOException {
        return cpuMillis(process.toHandle());
    }

    static long cpuMillis(ProcessHandle process) throws IOException {
        long ticks = 0;
        try (Stream<ProcessHandle> family = Stream.concat(Stream.of(process), process.descendants())) {
            for (ProcessHandle member : family.toList()) {
                String stat = Files.readString(Path.of("/proc/" + member.pid() + "/stat"));
                // the name in parentheses may hold anything
                String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
                ticks += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
            }
        }
        return ticks * MILLIS_PER_TICK;
    }

    /** Memory that the process has in RAM, what it shares with others included. */
    double residentMegabytes() throws IOException {
        try (Stream<String> status = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
            return status.filter(line -> line.startsWith("VmRSS:"))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) * 1_024 / 1e6)
                    .findFirst()
                    .orElse(0);
        }
    }

    /** Ends it, by force if it does not do so itself in time. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        leash.close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * A program as a child process that ends with this JVM. Standard output and standard error go to files. A server prints its
 * address in a line {@code listening ADDRESS}.
 *
 * <p>Thread safety: safe.
 */
public final class ChildProcess implements AutoCloseable {

    private static final String LISTENING = "listening ";
    private static final Duration END_TIMEOUT = Duration.ofSeconds(20);

    private final String name;
    private final Process process;
    private final ParentDeathWatchdog watchdog;
    private final Path out;
    private final Path log;
    private final long startedNanos = System.nanoTime();
    private volatile boolean ending;

    private ChildProcess(String name, Process process, ParentDeathWatchdog watchdog, Path out, Path log) {
        this.name = name;
        this.process = process;
        this.watchdog = watchdog;
        this.out = out;
        this.log = log;
    }

    /** Starts a program without variables of its own in the environment. */
    public static ChildProcess start(String name, List<String> command, Path directory) throws IOException {
        return start(name, command, directory, Map.of());
    }

    /**
     * Starts a program, with empty standard input.
     *
     * @param directory where {@code NAME.out} and {@code NAME.log} are written
     * @param environment variables for the program; it inherits all others, except Tacho's settings
     */
    public static ChildProcess start(String name, List<String> command, Path directory, Map<String, String> environment)
            throws IOException {
        Path out = directory.resolve(name + ".out");
        Path log = directory.resolve(name + ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(log.toFile());
        // settings of another cluster do not fit
        builder.environment().keySet().removeIf(variable -> variable.startsWith("TACHO_"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        return new ChildProcess(name, process, ParentDeathWatchdog.watch(process), out, log);
    }

    public String name() {
        return name;
    }

    public long pid() {
        return process.pid();
    }

    /** {@return the time since the start} */
    public Duration age() {
        return Duration.ofNanos(System.nanoTime() - startedNanos);
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Runs the action with the exit status when the process ends before it is terminated or killed here. */
    public void onUnexpectedEnd(IntConsumer action) {
        process.onExit().thenAccept(ended -> {
            if (!ending) {
                action.accept(ended.exitValue());
            }
        });
    }

    /**
     * Waits until the program listens, and returns where.
     *
     * @throws IOException with the log, if it ends before, or does not listen in time
     */
    public String awaitAddress(Duration timeout) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            boolean last = !process.isAlive() || System.nanoTime() - deadline > 0;
            String text = out();
            int start = text.indexOf(LISTENING);
            int end = text.indexOf('\n', Math.max(0, start));
            if (start >= 0 && end >= 0) {
                return text.substring(start + LISTENING.length(), end).strip();
            }
            if (last) {
                ending = true;
                throw new IOException(name + " does not listen: " + log().strip());
            }
            process.waitFor(10, TimeUnit.MILLISECONDS);
        }
    }

    /**
     * Fails if the program has ended.
     *
     * @throws IOException with the exit status and the log
     */
    public void requireAlive() throws IOException {
        if (!process.isAlive()) {
            throw new IOException(name + " has ended with status " + process.exitValue() + ": " + log().strip());
        }
    }

    /** {@return what the program has written to standard output} */
    public String out() throws IOException {
        return Files.readString(out);
    }

    /** {@return what the program has written to standard error} */
    public String log() throws IOException {
        return Files.readString(log);
    }

    /** Sends a signal, by its name without SIG. */
    public void signal(String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    /** Sends SIGTERM. */
    public void terminate() {
        ending = true;
        process.destroy();
    }

    /** Sends SIGKILL and waits for the end. */
    public void kill() {
        ending = true;
        watchdog.close();
        process.destroyForcibly().onExit().orTimeout(10, TimeUnit.SECONDS).join();
    }

    /** {@return whether the process has ended within that time} */
    public boolean awaitEnd(Duration timeout) throws InterruptedException {
        return process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Waits for the end and returns the exit status. */
    public int awaitExit() throws InterruptedException {
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException(name + " still runs: " + process.info());
        }
        return process.exitValue();
    }

    /** Terminates the process, and kills it if it does not end in time. */
    @Override
    public void close() {
        terminate();
        watchdog.close();
        try {
            if (!awaitEnd(END_TIMEOUT)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}

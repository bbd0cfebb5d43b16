// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.embedded.Leash;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;

/**
 * A subcommand as a child process: tells its address on standard output in a line {@code listening <address>}, logs
 * to a file, and does not outlive this JVM.
 *
 * <p>Thread safety: safe.
 */
public final class ChildProcess implements AutoCloseable {

    private static final String LISTENING = "listening ";
    private static final Duration END_TIMEOUT = Duration.ofSeconds(5);

    private final String name;
    private final Process process;
    private final Leash leash;
    private final Path log;
    private final CompletableFuture<String> address = new CompletableFuture<>();
    private volatile boolean ending;

    private ChildProcess(String name, Process process, Leash leash, Path log) {
        this.name = name;
        this.process = process;
        this.leash = leash;
        this.log = log;
    }

    public static ChildProcess start(String name, List<String> command, Path log) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
        // what the children need they are told by flags: settings of another cluster do not fit them
        builder.environment().keySet().removeIf(variable -> variable.startsWith("TACHO_"));
        Process process = builder.start();
        process.getOutputStream().close();
        ChildProcess started = new ChildProcess(name, process, Leash.on(process), log);
        Thread reader = new Thread(started::readOutput, "tacho-" + name);
        reader.setDaemon(true);
        reader.start();
        return started;
    }

    public String name() {
        return name;
    }

    private void readOutput() {
        try (BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith(LISTENING)) {
                    address.complete(line.substring(LISTENING.length()));
                }
            }
        } catch (IOException e) {
            // the process is gone
        }
        address.completeExceptionally(new IOException(name + " did not start"));
    }

    /** Tells when the process ends though nobody asked it to. */
    public void onUnexpectedEnd(IntConsumer action) {
        process.onExit().thenAccept(ended -> {
            if (!ending) {
                action.accept(ended.exitValue());
            }
        });
    }

    /**
     * Where the process listens.
     *
     * @throws IOException if it ends before it does, with what it logged, or does not in time
     */
    public String awaitAddress(Duration timeout) throws IOException, InterruptedException {
        try {
            return address.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            ending = true;
            throw new IOException(
                    name + " does not listen: " + Files.readString(log).strip(), e);
        }
    }

    /** Asks it to end. */
    public void terminate() {
        ending = true;
        process.destroy();
    }

    /** Whether it has ended in order within that time. */
    public boolean awaitEnd(Duration timeout) throws InterruptedException {
        return process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Ends it, by force if it does not do so itself in time. */
    @Override
    public void close() {
        terminate();
        try {
            if (!process.waitFor(END_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        leash.close();
    }
}

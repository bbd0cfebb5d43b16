// SPDX-License-Identifier: Apache-2.0
package io.tacho.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A subcommand of {@code tacho} in a JVM of its own, so that it can be ended as a user would. */
public final class ChildProgram implements AutoCloseable {

    private final Process process;
    private final Path out;
    private final Path err;

    /**
     * Starts the program, from the class path of the tests.
     *
     * @param arguments the subcommand and its options
     */
    public ChildProgram(String... arguments) throws IOException {
        out = Files.createTempFile("tacho-child-", ".out");
        err = Files.createTempFile("tacho-child-", ".err");
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        // starts sooner: two cores have better things to do
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xshare:auto"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.tacho.cli.Tacho"));
        command.addAll(List.of(arguments));
        process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
    }

    /** Sends SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    /** Sends a signal, by its name without SIG. */
    public void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    /** Waits for the end; the exit status. */
    public int awaitExit() throws InterruptedException {
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            throw new IllegalStateException("still running: " + process.info());
        }
        return process.exitValue();
    }

    public String out() throws IOException {
        return Files.readString(out);
    }

    public String err() throws IOException {
        return Files.readString(err);
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        Files.deleteIfExists(out);
        Files.deleteIfExists(err);
    }
}

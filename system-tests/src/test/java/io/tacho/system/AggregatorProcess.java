// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import io.tacho.embedded.Leash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The aggregator as a process of its own, to be killed like one. */
final class AggregatorProcess implements AutoCloseable {

    private final Process process;
    private final Leash leash;
    private final Path log;

    private AggregatorProcess(Process process, Leash leash, Path log) {
        this.process = process;
        this.leash = leash;
        this.log = log;
    }

    /** @param log where its output and its log go */
    static AggregatorProcess start(String redisUri, Path log, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "io.tacho.cli.Tacho",
                "aggregator",
                "--listen",
                "127.0.0.1:0"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("TACHO_REDIS", redisUri);
        Process process =
                builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        return new AggregatorProcess(process, Leash.on(process), log);
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    int exitValue() {
        return process.onExit().orTimeout(30, TimeUnit.SECONDS).join().exitValue();
    }

    /** As a crash: SIGKILL. */
    void kill() {
        leash.close();
        process.destroyForcibly().onExit().orTimeout(10, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        kill();
    }
}

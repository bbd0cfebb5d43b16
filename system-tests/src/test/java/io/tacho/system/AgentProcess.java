// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import io.tacho.embedded.Leash;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The agent as a process of its own, to be killed like one. */
final class AgentProcess implements AutoCloseable {

    private final Process process;
    private final Leash leash;

    private AgentProcess(Process process, Leash leash) {
        this.process = process;
        this.leash = leash;
    }

    static AgentProcess start(String redisUri, String name, Duration beat, Duration ttl) throws IOException {
        return start(redisUri, name, beat, ttl, "tacho");
    }

    static AgentProcess start(String redisUri, String name, Duration beat, Duration ttl, String namespace)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "io.tacho.cli.Tacho",
                "agent",
                "--name",
                name,
                "--publish-interval",
                beat.toMillis() + "ms",
                "--ttl",
                ttl.toMillis() + "ms");
        builder.environment().put("TACHO_REDIS", redisUri);
        builder.environment().put("TACHO_NAMESPACE", namespace);
        Process process = builder.inheritIO().start();
        return new AgentProcess(process, Leash.on(process));
    }

    /** As a crash: SIGKILL. */
    void kill() {
        leash.close();
        process.destroyForcibly().onExit().orTimeout(10, TimeUnit.SECONDS).join();
    }

    /** As an operator: SIGTERM. */
    void terminate() {
        leash.close();
        process.destroy();
    }

    /** As a debugger or a frozen container would: SIGSTOP. */
    void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        kill();
    }
}

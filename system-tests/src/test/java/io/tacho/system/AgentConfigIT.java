// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tacho.process.ChildProcess;
import io.tacho.testing.TachoProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent's program with a file of settings. */
class AgentConfigIT {

    private static final Duration STARTED = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("agent.properties"), text);
    }

    @Test
    void printConfig_listsAllSettingsWithTheirOrigins() throws Exception {
        Path file = file("metrics-interval = 10s\nredis = redis://:s3cret@127.0.0.1:1\n");
        try (ChildProcess program = TachoProgram.start(
                "agent", "--config=" + file, "--source=push", "--listen=127.0.0.1:0", "--print-config")) {
            assertThat(program.awaitExit()).isZero();

            assertThat(program.log()).isEmpty();
            assertThat(program.out())
                    .startsWith("# tacho agent: effective settings\n# file: " + file + "\n")
                    .contains("\n# " + file + ":1\nmetrics-interval = 10s\n")
                    .contains("\n# " + file + ":2, masked\n#redis = redis://:***@127.0.0.1:1\n")
                    .contains("\n# flag\nsource = push\n")
                    .contains("\n# default\n#publish-interval = 5s\n")
                    .contains("\n# default\n#ttl = 15s\n")
                    .contains("\n# default\n#history = 24h\n")
                    .contains("\n# default\n#stale-after = 20s\n")
                    .contains("\n# default\n#gone-after = 50s\n")
                    .contains("\n# default\n#push-key-file =\n")
                    .doesNotContain("s3cret");
        }
    }

    @Test
    void sighup_appliesLogLevels_andJsonLinesAreValid() throws Exception {
        Path file = file("log-format = json\ndry-run = true\n");
        try (ChildProcess program = TachoProgram.start("agent", "--config=" + file)) {
            await().atMost(STARTED).until(() -> program.out().contains("\"type\":\"snapshot\""));

            file("log-format = json\ndry-run = true\nlog-level = io.tacho.agent=debug, info\nttl = 60s\n");
            program.signal("HUP");

            await().until(() -> messages(program)
                    .containsAll(List.of(
                            "reloaded: log level of io.tacho.agent: as above it → debug",
                            "changed, but not taken up before the next start: ttl")));

            file("log-levl = debug\n");
            program.signal("HUP");

            await().until(() -> messages(program)
                    .contains("nothing reloaded, all stays as it was: " + file
                            + ":1: log-levl: no such setting (expected: log-level)"));
            program.terminate();
            assertThat(program.awaitExit()).isEqualTo(128 + 15);
        }
    }

    private static List<String> messages(ChildProcess program) throws IOException {
        JsonMapper json = JsonMapper.builder().build();
        String err = program.log();
        // the last line may be incomplete
        return err.substring(0, err.lastIndexOf('\n') + 1)
                .lines()
                .map(line -> {
                    try {
                        return json.readTree(line).path("message").asText();
                    } catch (IOException e) {
                        throw new AssertionError(line, e);
                    }
                })
                .toList();
    }

    /** An agent started by nohup survives the end of its terminal; without nohup it terminates gracefully. */
    @Test
    void sighup_terminalCloses_endsTheAgent_unlessStartedByNohup() throws Exception {
        String agent = "'" + String.join("' '", TachoProgram.command("agent", "--dry-run")) + "'";
        Files.writeString(directory.resolve("agents"), """
                nohup %1$s > stays.out 2> stays.err &
                echo $! > stays.pid
                echo $$ > ends.pid
                exec %1$s > ends.out 2> ends.err
                """.formatted(agent));
        Process terminal = new ProcessBuilder("script", "-qec", "bash agents", "/dev/null")
                .directory(directory.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            await().atMost(STARTED).until(() -> isUp("stays") && isUp("ends"));
            ProcessHandle stays = process("stays");
            ProcessHandle ends = process("ends");
            try {
                terminal.destroyForcibly();

                await().atMost(Duration.ofSeconds(20)).until(() -> !ends.isAlive());
                assertThat(read("ends.err")).contains("has left").doesNotContain("reloaded");
                new ProcessBuilder("kill", "-HUP", Long.toString(stays.pid()))
                        .start()
                        .waitFor();
                assertThat(stays.isAlive()).isTrue();
            } finally {
                ends.destroyForcibly();
                stays.destroy();
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> !stays.isAlive());
            assertThat(read("stays.err")).contains("has left").doesNotContain("reloaded");
        } finally {
            terminal.destroyForcibly();
        }
    }

    private boolean isUp(String name) throws IOException {
        return Files.exists(directory.resolve(name + ".out"))
                && read(name + ".out").contains("snapshot");
    }

    private ProcessHandle process(String name) throws IOException {
        return ProcessHandle.of(Long.parseLong(read(name + ".pid").strip())).orElseThrow();
    }

    private String read(String name) throws IOException {
        return Files.readString(directory.resolve(name));
    }
}

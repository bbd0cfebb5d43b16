// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A command with settings of each kind, and its environment and files. */
abstract class SettingsTestBase {

    @Command(name = "sample")
    static final class Sample implements Callable<Integer> {

        @Option(names = "--some-time")
        Duration someTime = Duration.ofSeconds(5);

        @Option(names = "--hosts", split = ",")
        List<String> hosts = new ArrayList<>(List.of("here"));

        @Option(names = "--dry-run")
        boolean dryRun;

        @Option(names = "--limit", paramLabel = "N")
        int limit = 7;

        @Option(names = "--hook")
        Secret hook;

        @Mixin
        RedisOptions redis = new RedisOptions();

        @Mixin
        ConfigOptions config = new ConfigOptions();

        int calls;

        @Override
        public Integer call() {
            if (limit < 1) {
                throw new IllegalArgumentException("limit: " + limit + " (expected: at least 1)");
            }
            redis.settings();
            if (config.print(Map.of("some-time", Duration.ofMillis(2_500)))) {
                return 0;
            }
            calls++;
            return 0;
        }
    }

    @TempDir
    Path directory;

    Sample sample = new Sample();
    final Map<String, String> environment = new HashMap<>();
    StringWriter err = new StringWriter();
    StringWriter out = new StringWriter();

    Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("sample.properties"), text);
    }

    int execute(Object... arguments) {
        sample = new Sample();
        err = new StringWriter();
        out = new StringWriter();
        CommandLine line = Program.commandLine(sample, environment);
        return line.setErr(new PrintWriter(err, true))
                .setOut(new PrintWriter(out, true))
                .execute(List.of(arguments).stream().map(Object::toString).toArray(String[]::new));
    }

    void rejected(String message, Object... arguments) {
        assertThat(execute(arguments)).isEqualTo(Program.USAGE);
        assertThat(err.toString()).startsWith("sample: " + message + "\n");
        assertThat(sample.calls).isZero();
    }
}

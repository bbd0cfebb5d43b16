// SPDX-License-Identifier: Apache-2.0
package io.tacho.debian;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.cli.Tacho;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The configuration files of the package: each example in them is a setting with a valid value. */
class ConfigurationTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"agent", "aggregator"})
    void examples_areSettings(String program) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("src/etc", program + ".properties"));
        List<String> examples = lines.stream()
                .filter(line -> line.matches("#\\S.*"))
                .map(line -> line.substring(1))
                .filter(line -> !line.endsWith(".pem") && !line.endsWith("/alerts"))
                .map(line -> line.replace("/etc/tacho", directory.toString()))
                .toList();
        for (String secret : List.of("redis-password", "api-secret")) {
            Files.writeString(directory.resolve(secret), "s3cret");
        }
        Path file = Files.write(directory.resolve("tacho.properties"), examples);
        StringWriter output = new StringWriter();
        CommandLine command =
                Tacho.commandLine().setOut(new PrintWriter(output)).setErr(new PrintWriter(output));

        assertThat(command.execute(program, "--config", file.toString(), "--print-config"))
                .as(output.toString())
                .isZero();
        assertThat(examples)
                .hasSizeGreaterThan(4)
                .allSatisfy(example -> assertThat(output.toString()).contains(example));
        assertThat(lines).allMatch(line -> line.isEmpty() || line.startsWith("#"));
    }

    /** Before Java 25 the JVM finds the limit by {@code /proc/cgroups}, and would take the memory of the machine without it. */
    @Test
    void heapOfTheAggregator_isAShareOfTheMemoryOfItsUnit() throws IOException {
        assertThat(Files.readString(Path.of("../../cli/jvm/aggregator.options")))
                .contains("-XX:MaxRAMPercentage=")
                .doesNotContain("-Xmx");
        assertThat(Files.readString(Path.of("../systemd/tacho-aggregator.service")))
                .contains("MemoryMax=", "ProcSubset=all");
    }

    @Test
    void files_ofTheAdministrator_areSettingsToo() throws IOException {
        for (String program : List.of("agent", "aggregator")) {
            List<String> options =
                    Tacho.commandLine().getSubcommands().get(program).getCommandSpec().optionsMap().keySet().stream()
                            .toList();
            assertThat(Files.readAllLines(Path.of("src/etc", program + ".properties")).stream()
                            .filter(line -> line.contains(" = /etc/tacho/"))
                            .map(line -> "--" + line.substring(1, line.indexOf(' '))))
                    .isNotEmpty()
                    .allMatch(options::contains);
        }
    }
}

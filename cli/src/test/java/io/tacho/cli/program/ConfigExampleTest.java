// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.cli.agent.NodeAgentMain;
import io.tacho.cli.aggregator.AggregatorMain;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class ConfigExampleTest {

    @Test
    void helpExample_usesASettingOfTheProgram(@TempDir Path directory) throws IOException {
        for (Object program : new Object[] {new NodeAgentMain(), new AggregatorMain()}) {
            StringWriter out = new StringWriter();
            CommandLine line = Program.commandLine(program, Map.of()).setOut(new PrintWriter(out, true));
            CommandSpec command = line.getCommandSpec();
            Matcher example = Pattern.compile("a line each: ((\\S+) = \\S+)\\.")
                    .matcher(command.findOption("--config").description()[0]);
            assertThat(example.find()).isTrue();
            assertThat(SettingNames.keys(command)).contains(example.group(2));

            Path file = Files.writeString(directory.resolve("tacho.conf"), example.group(1));
            assertThat(line.execute("--config", file.toString(), "--print-config"))
                    .isZero();
            assertThat(out.toString()).contains(example.group(1));
        }
    }
}

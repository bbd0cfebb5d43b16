// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.cli.agent.NodeAgentMain;
import io.tacho.cli.aggregator.AggregatorMain;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;

class ConfigExampleTest {

    @Test
    void exampleInTheHelp_isASettingOfTheProgram() {
        for (Object program : new Object[] {new NodeAgentMain(), new AggregatorMain()}) {
            CommandSpec command = Program.commandLine(program, Map.of()).getCommandSpec();
            Matcher example = Pattern.compile("a line each: (\\S+) = ")
                    .matcher(command.findOption("--config").description()[0]);
            assertThat(example.find()).isTrue();
            assertThat(SettingNames.keys(command)).contains(example.group(1));
        }
    }
}

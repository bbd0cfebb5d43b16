// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli;

import io.tacho.cli.program.Program;
import java.util.Map;
import java.util.TreeMap;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** The completion of commands and options in a shell. */
final class Completion {

    private Completion() {}

    /** {@return a script for bash and zsh that completes these commands, by their names} */
    static String script(Map<String, Object> commands) {
        CommandLine tacho = new CommandLine(CommandSpec.create().name("tacho"));
        new TreeMap<>(commands)
                .forEach((name, command) -> tacho.addSubcommand(
                        name, Program.commandLine(command, Map.of()).setCommandName(name)));
        return AutoComplete.bash("tacho", tacho);
    }
}

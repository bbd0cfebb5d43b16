// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

import io.tacho.text.SettingErrors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The settings that a user gave to this command: by an option, or in its file. Those of the environment do not count, because one
 * environment may be for several programs.
 *
 * @param command the command, after it was parsed
 */
public record GivenSettings(CommandSpec command) {

    /** {@return whether the setting was given} */
    public boolean has(String setting) {
        OptionSpec option = command.findOption("--" + setting);
        if (option == null) {
            return false;
        }
        ResolvedValue given = Settings.of(command).resolvedValue(option);
        return given == null
                ? command.commandLine().getParseResult().hasMatchedOption(option)
                : !given.isOfEnvironment();
    }

    /** {@return whether the setting has no value, from the environment neither} */
    public boolean isMissing(String setting) {
        OptionSpec option = command.findOption("--" + setting);
        return option == null || option.getValue() == null;
    }

    /**
     * Records an error if the setting was given where it has no effect.
     *
     * @param where what makes it ineffective, e.g. {@code with source self}
     * @param expected where it has an effect
     */
    public void rejectIneffective(SettingErrors errors, String setting, String where, String expected) {
        errors.require(!has(setting), () -> setting + ": given " + where + " (expected: " + expected + ")");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** Secrets come from a file or the environment: a flag would show them in every process listing. */
public final class Secrets {

    private Secrets() {}

    /**
     * The secret of that name, from {@code TACHO_NAME} or the file of the option {@code --name-file}; null where neither is
     * given.
     *
     * @param command whose environment it is; null for none
     * @throws IllegalArgumentException if both are given, or the file cannot be read
     */
    public static @Nullable String read(@Nullable CommandSpec command, String setting, @Nullable Path file) {
        String variable = Program.environmentName(setting);
        Map<String, String> environment = command == null ? Map.of() : Program.environment(command.commandLine());
        String given = environment.get(variable);
        if (file == null) {
            return given;
        }
        if (given != null) {
            throw new IllegalArgumentException(
                    setting + "-file: given together with " + variable + " (expected: one of them)");
        }
        try {
            return Files.readString(file).replaceFirst("\\R\\z", "");
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    setting + "-file: cannot read " + file + ", " + e.getClass().getSimpleName()
                            + " (expected: a readable text file)",
                    e);
        }
    }
}

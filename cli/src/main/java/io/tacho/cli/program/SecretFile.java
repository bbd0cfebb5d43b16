// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The value of an option {@code --NAME-file}: where a secret stands for which there is no flag, because process listings
 * would show it. The secret itself may come as {@code TACHO_NAME} from the environment, or as {@code NAME} from the file of
 * settings.
 *
 * @param path the file
 */
public record SecretFile(Path path) {

    static final String SUFFIX = "-file";

    /**
     * The secret of that name; null where neither it nor its file is given.
     *
     * @param command whose setting it is; null for none
     * @throws IllegalArgumentException if both are given, or the file cannot be read
     */
    public static @Nullable String read(@Nullable CommandSpec command, String name, @Nullable SecretFile file) {
        ResolvedValue given = command == null ? null : Settings.of(command).find(command, name);
        if (file == null) {
            return given == null ? null : given.value();
        }
        if (given != null) {
            throw new IllegalArgumentException(
                    name + SUFFIX + ": given together with " + given.subject() + " (expected: one of them)");
        }
        try {
            return Files.readString(file.path()).replaceFirst("\\R\\z", "");
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    name + SUFFIX + ": cannot read " + file + ", "
                            + e.getClass().getSimpleName() + " (expected: a readable text file)",
                    e);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}

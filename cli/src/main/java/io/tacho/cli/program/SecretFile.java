// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.program;

import io.tacho.text.TextFiles;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The value of an option {@code --NAME-file}: the file of a secret that has no flag of its own, because process listings would show
 * it. The secret may also be {@code TACHO_NAME} in the environment or {@code NAME} in the configuration file.
 *
 * @param path the file
 */
public record SecretFile(Path path) {

    static final String SUFFIX = "-file";

    /**
     * Returns the secret of that name; null if neither it nor its file is given.
     *
     * @param command the command that has the setting; null for none
     * @throws IllegalArgumentException if both are given, or the file is not readable
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
        return file.read(name);
    }

    /** Returns the secret of that name in the file. */
    String read(String name) {
        try {
            return TextFiles.withoutLineEnd(TextFiles.read(path));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    name + SUFFIX + ": cannot read " + path + ", " + TextFiles.cause(e)
                            + " (expected: a readable text file)",
                    e);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}

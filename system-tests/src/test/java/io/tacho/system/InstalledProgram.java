// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Programs of other projects, as they are installed on this machine. */
final class InstalledProgram {

    private InstalledProgram() {}

    /** Returns the path of a program, or empty if it is not on the PATH. */
    static Optional<Path> find(String name) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Returns the path of a program. Without it a developer's test is skipped with a message; in CI it fails. */
    static Path require(String name, String debianPackage) {
        return find(name)
                .orElseGet(() -> skip("no " + name + " on the PATH (expected: Debian's " + debianPackage + ")"));
    }

    /** Skips the test of a developer with a message; in CI it fails. */
    static <T> T skip(String missing) {
        assertThat(System.getenv("CI")).as(missing).isNull();
        return Assumptions.abort(missing);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import io.tacho.process.ChildProcess;
import io.tacho.testing.TachoProgram;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The program of a release: of the previous one, the jar that the system property {@code previous.jar} names; of the current one, the
 * classes of the tests.
 */
final class ReleaseProgram {

    private static final String PREVIOUS_JAR = System.getProperty("previous.jar");

    enum Release {
        PREVIOUS,
        CURRENT
    }

    private ReleaseProgram() {}

    /** Starts a subcommand of that release. */
    static ChildProcess start(Release release, String... arguments) throws IOException {
        if (release == Release.CURRENT) {
            return TachoProgram.start(arguments);
        }
        if (PREVIOUS_JAR == null) {
            throw new IllegalStateException("previous.jar: missing (expected: the program of the previous release)");
        }
        return TachoProgram.startJar(Path.of(PREVIOUS_JAR), arguments);
    }
}

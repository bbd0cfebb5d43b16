// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line that runs a subcommand of this program in another JVM: the same Java, the same class path. */
public final class TachoCommand {

    /** Flags of a small JVM that runs for a long time; those of production are in {@code cli/jvm}. */
    public static final List<String> SMALL_JVM =
            List.of("-XX:+UseSerialGC", "-Xms16m", "-Xmx96m", "-Xss256k", "-XX:TieredStopAtLevel=1");

    /** As in the manifest, which counts with -jar only, and in {@code cli/jvm}: JDK 24 and newer write warnings into the log. */
    private static final List<String> NO_WARNINGS =
            List.of("--enable-native-access=ALL-UNNAMED", "-Dsun.misc.unsafe.memory.access=allow");

    private static final String MAIN = "io.tacho.cli.Tacho";

    private TachoCommand() {}

    /**
     * Returns the words of the command.
     *
     * @param flags options of the JVM
     * @param arguments the subcommand and its options
     */
    public static List<String> of(List<String> flags, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(NO_WARNINGS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
        command.addAll(arguments);
        return command;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.testing;

import io.tacho.process.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Starts subcommands of {@code tacho} in separate JVMs, from the class path of the tests. */
public final class TachoProgram {

    private TachoProgram() {}

    /** {@return the command that runs {@code tacho} with these arguments, on the JVM of the tests} */
    public static List<String> command(String... arguments) {
        return command(System.getProperty("java.class.path"), List.of(arguments));
    }

    private static List<String> command(String classPath, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // reduces the startup time
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                // same options as in the manifest of the jar and in cli/jvm
                "--enable-native-access=ALL-UNNAMED",
                "-Dsun.misc.unsafe.memory.access=allow",
                "-cp",
                classPath,
                "io.tacho.cli.Tacho"));
        command.addAll(arguments);
        return command;
    }

    /** Starts a subcommand with these arguments. */
    public static ChildProcess start(String... arguments) throws IOException {
        return start(Map.of(), arguments);
    }

    /** Starts a subcommand with these arguments and environment variables. */
    public static ChildProcess start(Map<String, String> environment, String... arguments) throws IOException {
        return start(environment, command(arguments), arguments[0]);
    }

    /** Starts a subcommand of the program in this jar, possibly of another version. */
    public static ChildProcess startJar(Path jar, String... arguments) throws IOException {
        return start(Map.of(), command(jar.toString(), List.of(arguments)), arguments[0]);
    }

    private static ChildProcess start(Map<String, String> environment, List<String> command, String name)
            throws IOException {
        Path directory = Files.createTempDirectory("tacho-child-");
        directory.toFile().deleteOnExit();
        ChildProcess started = ChildProcess.start(name, command, directory, environment);
        directory.resolve(name + ".out").toFile().deleteOnExit();
        directory.resolve(name + ".log").toFile().deleteOnExit();
        return started;
    }
}

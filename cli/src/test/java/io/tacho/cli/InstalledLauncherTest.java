// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code cli/launcher/tacho}, the launcher of the image and the package, with a Java that prints its arguments. */
class InstalledLauncherTest {

    @TempDir
    private Path directory;

    private Path home;

    @BeforeEach
    void install() throws IOException {
        home = Files.createDirectories(directory.toRealPath().resolve("share/tacho"));
        Files.copy(Path.of("launcher/tacho"), home.resolve("tacho"));
        assertThat(home.resolve("tacho").toFile().setExecutable(true)).isTrue();
        Files.createSymbolicLink(directory.resolve("tacho"), home.resolve("tacho"));
        Path options = Files.createDirectory(home.resolve("jvm"));
        for (String name : List.of("agent", "aggregator", "terminal", "demo")) {
            Files.createFile(options.resolve(name + ".options"));
        }
        Path java = Files.createDirectories(directory.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$@\" \"arenas $MALLOC_ARENA_MAX\"\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
    }

    /** {@return the arguments of Java when the launcher is run through its link} */
    private List<String> run(Map<String, String> environment, String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(directory.resolve("tacho").toString());
        builder.command().addAll(List.of(arguments));
        builder.environment().remove("MALLOC_ARENA_MAX");
        builder.environment().put("JAVA_HOME", directory.toString());
        builder.environment().putAll(environment);
        Process process = builder.redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), UTF_8)
                .lines()
                .map(line -> line.replace(home.toString(), "HOME"))
                .toList();
    }

    @Test
    void agent_hasItsOptions() throws IOException {
        assertThat(run(Map.of(), "agent", "--name", "a b"))
                .containsExactly(
                        "@HOME/jvm/agent.options", "-jar", "HOME/tacho.jar", "agent", "--name", "a b", "arenas 2");
    }

    @Test
    void programs_shareOptions() throws IOException {
        assertThat(run(Map.of(), "standalone")).startsWith("@HOME/jvm/aggregator.options");
        assertThat(run(Map.of(), "top")).startsWith("@HOME/jvm/terminal.options");
        assertThat(run(Map.of(), "health")).startsWith("@HOME/jvm/terminal.options");
        assertThat(run(Map.of(), "drain", "a")).startsWith("@HOME/jvm/terminal.options");
        assertThat(run(Map.of(), "undrain", "a")).startsWith("@HOME/jvm/terminal.options");
        assertThat(run(Map.of(), "train")).startsWith("@HOME/jvm/demo.options");
        assertThat(run(Map.of(), "--version")).startsWith("-jar");
        assertThat(run(Map.of())).startsWith("-jar");
    }

    @Test
    void archiveAndNativeParts_areUsedIfInstalled() throws IOException {
        Files.createFile(home.resolve("tacho.jar.aggregator.jsa"));
        Files.createDirectory(home.resolve("lib"));

        assertThat(run(Map.of(), "standalone"))
                .contains(
                        "-XX:SharedArchiveFile=HOME/tacho.jar.aggregator.jsa",
                        "-Djava.library.path=HOME/lib",
                        "-Djna.boot.library.path=HOME/lib");
        assertThat(run(Map.of(), "agent")).noneMatch(argument -> argument.contains("SharedArchiveFile"));
    }

    @Test
    void environment_addsOptionsOfTheJvm() throws IOException {
        assertThat(run(Map.of("TACHO_JAVA_OPTS", "-Xmx1g -Dx=y", "MALLOC_ARENA_MAX", "4"), "agent"))
                .containsExactly(
                        "@HOME/jvm/agent.options", "-Xmx1g", "-Dx=y", "-jar", "HOME/tacho.jar", "agent", "arenas 4");
    }
}

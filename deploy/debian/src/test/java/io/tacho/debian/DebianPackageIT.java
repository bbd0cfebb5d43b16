// SPDX-License-Identifier: Apache-2.0
package io.tacho.debian;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The content of the package, with Debian's own tools where they are installed. */
class DebianPackageIT {

    @TempDir
    private static Path root;

    @BeforeAll
    static void unpack() throws Exception {
        assumeTrue(isInstalled("dpkg-deb"), "dpkg-deb is not installed");
        run("dpkg-deb", "--extract", file().toString(), root.toString());
    }

    static Path file() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("target"))) {
            return files.filter(file -> file.getFileName().toString().matches("tacho_.*_all\\.deb"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static boolean isInstalled(String program) {
        return Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    @Test
    void files_areWhereDebianHasThem() {
        assertThat(List.of(
                        "usr/share/tacho/tacho.jar",
                        "usr/share/tacho/jvm/agent.options",
                        "usr/share/man/man1/tacho.1",
                        "usr/share/man/man1/tacho-aggregator.1",
                        "usr/share/bash-completion/completions/tacho",
                        "usr/lib/systemd/system/tacho-agent.service",
                        "usr/lib/systemd/system/tacho-aggregator.service",
                        "usr/share/doc/tacho/copyright",
                        "etc/tacho/agent.properties"))
                .allSatisfy(file -> assertThat(root.resolve(file)).isRegularFile());
        assertThat(root.resolve("usr/share/tacho/tacho")).isExecutable();
        assertThat(root.resolve("usr/bin/tacho")).isSymbolicLink();
    }

    /** Each subcommand, {@code mcp} and {@code demo} too. */
    @Test
    void subcommands_haveAPageAndACompletion() throws IOException {
        String completion = Files.readString(root.resolve("usr/share/bash-completion/completions/tacho"));
        Set<String> subcommands = ManPagesTest.subcommands();

        assertThat(subcommands).contains("agent", "aggregator", "mcp").allSatisfy(name -> {
            assertThat(root.resolve("usr/share/man/man1/tacho-" + name + ".1")).isNotEmptyFile();
            assertThat(completion).contains("_picocli_tacho_" + name.replace("-", "_") + "()");
        });
    }

    /** What Debian's policy asks for, and what dpkg verifies. */
    @Test
    void control_isComplete() throws Exception {
        String control = run("dpkg-deb", "--field", file().toString());
        assertThat(control)
                .contains(
                        "Package: tacho\n", "Architecture: all\n", "Section: ", "Priority: optional\n", "Maintainer: ")
                .containsPattern("(?m)^Version: \\d")
                .containsPattern("(?m)^Installed-Size: \\d")
                .doesNotContain("[[");
        for (String script : List.of("postinst", "prerm", "postrm")) {
            assertThat(run("dpkg-deb", "--info", file().toString(), script)).startsWith("#!/bin/sh\nset -e\n");
            run("sh", "-n", "src/control/" + script);
        }
        assertThat(run("dpkg-deb", "--info", file().toString(), "md5sums").lines())
                .hasSizeGreaterThan(20)
                .anyMatch(line -> line.endsWith(" usr/share/tacho/tacho.jar"));
    }

    @Test
    void settings_areKeptByUpgrades() throws Exception {
        assertThat(run("dpkg-deb", "--info", file().toString(), "conffiles").lines())
                .containsExactlyInAnyOrder("/etc/tacho/agent.properties", "/etc/tacho/aggregator.properties");
    }

    @Test
    void owner_isRootWhoAloneMayWrite() throws Exception {
        assertThat(run("dpkg-deb", "--contents", file().toString()).lines())
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).contains(" root/root "))
                .filteredOn(line -> !line.startsWith("l"))
                .allSatisfy(line -> assertThat(line).matches(".....-..-.*"));
    }

    /** The program is found by the unit, and every setting of the unit is known. */
    @Test
    void units_areValid() throws Exception {
        assumeTrue(isInstalled("systemd-analyze"), "systemd-analyze is not installed");
        for (String program : List.of("agent", "aggregator")) {
            Path unit = root.resolve("usr/lib/systemd/system/tacho-" + program + ".service");
            String text = Files.readString(unit);
            // the program is not installed here
            Path copy = root.resolve("tacho-" + program + ".service");
            Files.writeString(copy, text.replace("ExecStart=/usr/bin/tacho ", "ExecStart=/bin/true "));

            assertThat(text).contains("ExecStart=/usr/bin/tacho " + program + " --config /etc/tacho/" + program + ".");
            assertThat(run("systemd-analyze", "verify", "--man=no", copy.toString()))
                    .isEmpty();
        }
    }
}

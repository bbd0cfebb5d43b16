// SPDX-License-Identifier: Apache-2.0
package io.tacho.debian;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.cli.Tacho;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The manual pages of the build contain the text of {@code --help}. */
class ManPagesTest {

    private static final Path PAGES = Path.of("target/man");

    /** {@return each subcommand by the name of its page without the program: {@code mcp}, {@code demo}, {@code demo-node}} */
    static Set<String> subcommands() {
        return specs("", Tacho.commandLine()).keySet();
    }

    private static Map<String, CommandSpec> specs(String prefix, CommandLine command) {
        Map<String, CommandSpec> specs = new TreeMap<>();
        command.getSubcommands().forEach((name, subcommand) -> {
            specs.put(prefix + name, subcommand.getCommandSpec());
            specs.putAll(specs(prefix + name + "-", subcommand));
        });
        return specs;
    }

    /** {@return the text of a page in one line, without the macros and the escapes of troff} */
    private static String page(String name) throws IOException {
        return normalized(Files.readString(PAGES.resolve(name + ".1"))
                .replaceAll("\\\\c\n\\.URL \"(.*?)\" \"\" \"(.*?)\"", "$1$2")
                .replaceAll("(?m)^\\.(\\\\\"|[a-z]|[A-Z]{1,2}( |$)).*$", "")
                .replaceAll("\\\\f[BIRP]|\\\\&|\\\\c", "")
                .replaceAll("\\\\(\\*\\(Aq|\\(aq|\\(cq)", "'")
                .replace("\\(dq", "\"")
                .replace("\\(ga", "`")
                .replace("\\(ha", "^")
                .replace("\\(ti", "~")
                .replace("\\-", "-")
                .replace("\\.", ".")
                .replace("\\(rs", "\\"));
    }

    private static String normalized(String text) {
        return text.replaceAll("\\s+", " ");
    }

    private static CommandSpec command(String subcommand) {
        return requireNonNull(specs("", Tacho.commandLine()).get(subcommand));
    }

    @ParameterizedTest
    @MethodSource("subcommands")
    void options_haveTheirDescriptions(String subcommand) throws IOException {
        String page = page("tacho-" + subcommand);

        for (OptionSpec option : command(subcommand).options()) {
            if (!option.hidden()) {
                assertThat(page).contains(option.names());
                assertThat(page).contains(normalized(String.join(" ", option.description())));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("subcommands")
    void descriptionAndFooter_areThere(String subcommand) throws IOException {
        CommandSpec command = command(subcommand);

        assertThat(page("tacho-" + subcommand))
                .contains("tacho-" + subcommand + " - "
                        + String.join(" ", command.usageMessage().header()))
                .contains(normalized(String.join(" ", command.usageMessage().description())));
        String page = page("tacho-" + subcommand);
        assertThat(command.usageMessage().footer())
                .allSatisfy(line -> assertThat(page).contains(normalized(line)));
    }

    @Test
    void program_listsItsSubcommands() throws IOException {
        String page = page("tacho");

        for (Map.Entry<String, CommandLine> subcommand :
                Tacho.commandLine().getSubcommands().entrySet()) {
            assertThat(page).contains(subcommand.getKey());
            assertThat(page)
                    .contains(subcommand
                            .getValue()
                            .getCommandSpec()
                            .usageMessage()
                            .header());
        }
    }

    @Test
    void pages_areThoseOfTheProgramAndItsSubcommands() throws IOException {
        try (Stream<Path> pages = Files.list(PAGES)) {
            assertThat(pages.map(page -> page.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                    Stream.of("tacho.1"), subcommands().stream().map(name -> "tacho-" + name + ".1"))
                            .toList());
            assertThat(subcommands()).contains("mcp", "demo-node");
        }
    }
}

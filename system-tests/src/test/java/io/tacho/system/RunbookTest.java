// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** OPERATING.md has a row for every warning and error that the programs can log. */
class RunbookTest {

    private static final Path ROOT = Path.of("..");

    /** A text, or the name of a constant that is one. */
    private static final Pattern LOGGED =
            Pattern.compile("\\blogger\\s*\\.(?:warn|error)\\(\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|(\\w+))?");

    /** Ways to log that {@link #LOGGED} would not see. */
    private static final Pattern UNSEEN =
            Pattern.compile("\\.at(Warn|Error|Level)\\(|\\b(LOG|LOGGER|log)\\.(warn|error)\\(");

    @Test
    void warningsAndErrors_haveARow() throws IOException {
        Runbook runbook = Runbook.read();
        List<String> texts = texts();

        assertThat(texts).as("logged texts").hasSizeGreaterThan(25);
        assertThat(texts)
                .allSatisfy(text -> assertThat(runbook.explains(text))
                        .as("a row of the runbook in OPERATING.md for: %s", text)
                        .isTrue());
    }

    @Test
    void loggedLine_matchesTheMostSpecificRow() throws IOException {
        Runbook runbook = Runbook.read();

        assertThat(runbook.rowOf("collector task failed")).contains("collector task failed");
        assertThat(runbook.rowOf("malformed, no_ttl (7 so far): entry of u1: no TTL (expected: a TTL)"))
                .contains("malformed, … (… so far): …");
        assertThat(runbook.rowOf("an unknown text")).isEmpty();
    }

    private static List<String> texts() throws IOException {
        List<String> texts = new ArrayList<>();
        for (String module : List.of(
                "core", "embedded-redis", "node-agent", "aggregator", "cli", "integrations/spring-boot-starter")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
                for (Path file :
                        (Iterable<Path>) files.filter(path -> path.toString().endsWith(".java"))::iterator) {
                    String source = Files.readString(file);
                    assertThat(UNSEEN.matcher(source).find())
                            .as("logs by an unsupported call: %s", file)
                            .isFalse();
                    for (MatchResult logged :
                            (Iterable<MatchResult>) LOGGED.matcher(source).results()::iterator) {
                        texts.add(logged.group(1) == null ? constant(logged.group(2), source, file) : logged.group(1));
                    }
                }
            }
        }
        return texts;
    }

    private static String constant(String name, String source, Path file) {
        Matcher constant =
                Pattern.compile("\\b" + name + "\\s*=\\s*\"([^\"]*)\"").matcher(source);
        assertThat(constant.find()).as("a text for %s in %s", name, file).isTrue();
        return constant.group(1);
    }
}

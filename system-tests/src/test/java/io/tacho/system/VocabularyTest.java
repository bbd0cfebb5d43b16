// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Code, messages and documentation use the terms of the field. Words are found on their own and as parts of identifiers:
 * {@code told} is found in {@code isTold}, not in {@code stolder}.
 */
class VocabularyTest {

    private static final Path ROOT = Path.of("..");

    private static final List<String> MODULES = List.of(
            "core",
            "embedded-redis",
            "node-agent",
            "aggregator",
            "cli",
            "integrations/spring-boot-starter",
            "system-tests/kit",
            "system-tests",
            "deploy/debian");

    /** Words that have a precise technical term in their place. */
    private static final Set<String> WORDS = Set.of(
            ("told tell tells telling say says said saying turns comings seat seats goodbye goodbyes newcomer newcomers fate"
                            + " fates settle settles settled supersede supersedes superseded overdue connectedness deaf fold"
                            + " folds folded folding folder ear ears leash hangup rehearsal rehearsals courier couriers storm"
                            + " storms patience lingering linger lingers paced moment moments finding findings outbox draft"
                            + " drafts tally tallies humanise mend mends mended whoever nobody anybody answer answers answered"
                            + " answering refuse refuses refused refusing refusal authorities")
                    .split(" "));

    private static final List<Pattern> PHRASES = List.of(
            Pattern.compile("at the most"),
            Pattern.compile("so many"),
            Pattern.compile("hang-up"),
            // "is invalid", not "cannot be"; but "cannot be read"
            Pattern.compile("cannot be(?! (?:\\w+ed|built|found|made|read|seen|sent|set|taken|written)\\b)"));

    /** A word, or a part of an identifier in camel case or between underscores. */
    private static final Pattern WORD = Pattern.compile("[A-Z]+(?![a-z])|[A-Z]?[a-z]+");

    /** External texts: the wire contract, the operating system, the JDK, HTTP and JSON Schema. */
    private static final List<Pattern> ALLOWED = List.of(
            Pattern.compile("[Cc]onnection refused"),
            Pattern.compile("DRAFT_2020_12"),
            Pattern.compile("setSoLinger"),
            Pattern.compile(Pattern.quote("X: a\\\\r\\\\n folded"))); // obs-fold of RFC 9112

    @Test
    void sources_useTheTermsOfTheField() throws IOException {
        assertThat(hits(sources())).isEmpty();
    }

    @Test
    void documents_useTheTermsOfTheField() throws IOException {
        assertThat(hits(documents())).isEmpty();
    }

    @Test
    void hits_includeTextsAndIdentifiers() {
        assertThat(find("readers are told of it")).containsExactly("told");
        assertThat(find("long toldReady = isTold(TOLD_ONCE);")).containsExactly("told", "Told", "TOLD");
        assertThat(find("of at the most five")).containsExactly("at the most");
        assertThat(find("names the one that cannot be, and")).containsExactly("cannot be");
        assertThat(find("a scaffold, a momentum, years, returns, a folderol, it cannot be read"))
                .isEmpty();
    }

    private static List<Path> sources() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String module : MODULES) {
            Path sources = ROOT.resolve(module).resolve("src");
            if (Files.isDirectory(sources)) {
                add(files, sources, 99, ".*/src/main/.*\\.(java|lua|js|css|html|json|properties|xml)");
                add(files, sources, 99, ".*/src/(test|jmh|jcstress)/java/.*\\.java");
            }
        }
        files.removeIf(
                file -> file.endsWith("VocabularyTest.java") || file.getParent().endsWith("dashboard/uplot"));
        return files;
    }

    private static List<Path> documents() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String directory : List.of("", "core", "node-agent", "aggregator", "cli", "deploy")) {
            int depth = directory.equals("deploy") ? 9 : 1;
            add(files, ROOT.resolve(directory), depth, ".*\\.(md|ya?ml|conf|service|env)");
        }
        files.removeIf(file -> file.endsWith("CHANGELOG.md"));
        return files;
    }

    private static void add(List<Path> files, Path directory, int depth, String pattern) throws IOException {
        try (Stream<Path> paths = Files.walk(directory, depth)) {
            paths.filter(path -> path.toString().matches(pattern)).sorted().forEach(files::add);
        }
    }

    private static List<String> hits(List<Path> files) throws IOException {
        List<String> hits = new ArrayList<>();
        for (Path file : files) {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                for (String word : find(lines.get(i))) {
                    hits.add(ROOT.relativize(file) + ":" + (i + 1) + ": " + word + ": "
                            + lines.get(i).strip());
                }
            }
        }
        return hits;
    }

    private static List<String> find(String line) {
        String text = line;
        for (Pattern allowed : ALLOWED) {
            text = allowed.matcher(text).replaceAll("");
        }
        List<String> found = new ArrayList<>();
        Matcher words = WORD.matcher(text);
        while (words.find()) {
            if (WORDS.contains(words.group().toLowerCase(Locale.ROOT))) {
                found.add(words.group());
            }
        }
        for (Pattern phrase : PHRASES) {
            Matcher matcher = phrase.matcher(text);
            if (matcher.find()) {
                found.add(matcher.group());
            }
        }
        return found;
    }
}

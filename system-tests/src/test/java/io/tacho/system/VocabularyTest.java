// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Code, messages and documentation use the words of the field. Words are looked for on their own and as parts of identifiers:
 * {@code told} is found in {@code isTold}, not in {@code stolder}. {@code -Dvocabulary=hits} prints every hit,
 * {@code -Dvocabulary=enforce} fails on any.
 */
class VocabularyTest {

    private static final String MODE = System.getProperty("vocabulary", "");

    private static final Path ROOT = Path.of("..");

    private static final List<String> MODULES = List.of("core", "embedded-redis", "node-agent", "aggregator", "cli");

    /** Words that are not used. */
    private static final Set<String> WORDS = Set.of(
            ("told tells telling turns comings seat seats goodbye goodbyes newcomer newcomers fate fates settle settles"
                            + " settled supersede supersedes superseded overdue connectedness deaf fold folds folded folding"
                            + " folder ear ears leash hangup rehearsal rehearsals courier couriers storm storms patience"
                            + " lingering linger lingers paced moment moments finding findings outbox draft drafts tally tallies"
                            + " humanise mend mends mended whoever nobody anybody")
                    .split(" "));

    private static final List<String> PHRASES = List.of("at the most", "so many", "cannot be", "hang-up");

    /** A word, or a part of an identifier in camel case or between underscores. */
    private static final Pattern WORD = Pattern.compile("[A-Z]+(?![a-z])|[A-Z]?[a-z]+");

    /** Texts in which a word is another one's: field names of the wire contract, of JDK and of other projects. */
    private static final List<Pattern> ALLOWED =
            List.of(Pattern.compile("[\"'`]folds[\"'`]")); // a field of the stored windows

    private record Hit(Path file, int line, String word, String text) {}

    @Test
    void sources_useTheWordsOfTheField() throws IOException {
        List<Hit> hits = new ArrayList<>();
        for (Path file : files()) {
            hits.addAll(hits(file));
        }
        if (MODE.equals("hits")) {
            hits.forEach(hit -> System.out.printf(
                    "%s:%d: %s: %s%n",
                    ROOT.relativize(hit.file()),
                    hit.line(),
                    hit.word(),
                    hit.text().strip()));
        }
        Map<String, Integer> byModule = new TreeMap<>();
        hits.forEach(
                hit -> byModule.merge(ROOT.relativize(hit.file()).getName(0).toString(), 1, Integer::sum));
        System.out.println("vocabulary: " + hits.size() + " hits " + byModule);

        if (MODE.equals("enforce")) {
            assertThat(byModule).isEmpty();
        }
    }

    @Test
    void words_areFoundInTextsAndIdentifiers() {
        assertThat(find("readers are told of it")).containsExactly("told");
        assertThat(find("long toldReady = isTold(TOLD_ONCE);")).containsExactly("told", "Told", "TOLD");
        assertThat(find("of at the most five")).containsExactly("at the most");
        assertThat(find("a scaffold, a momentum, years, returns, a folderol")).isEmpty();
    }

    private static List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String module : MODULES) {
            try (Stream<Path> sources = Files.walk(ROOT.resolve(module).resolve("src/main"))) {
                sources.filter(path -> path.toString().matches(".*\\.(java|lua|js|css|html|json|properties|xml)"))
                        .forEach(files::add);
            }
        }
        for (String directory : List.of("", ".github", "docs", "core", "node-agent", "aggregator", "cli", "deploy")) {
            try (Stream<Path> documents = Files.walk(ROOT.resolve(directory), directory.equals("deploy") ? 9 : 1)) {
                documents
                        .filter(path -> path.toString().matches(".*\\.(md|ya?ml|conf|service|env)"))
                        .forEach(files::add);
            }
        }
        return files.stream().distinct().sorted().toList();
    }

    private static List<Hit> hits(Path file) throws IOException {
        List<Hit> hits = new ArrayList<>();
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            for (String word : find(lines.get(i))) {
                hits.add(new Hit(file, i + 1, word, lines.get(i)));
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
        PHRASES.stream().filter(text::contains).forEach(found::add);
        return found;
    }
}

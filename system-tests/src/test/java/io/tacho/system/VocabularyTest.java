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

    /** Each with what is used instead. */
    private static final Map<String, String> WORDS = new TreeMap<>(Map.ofEntries(
            Map.entry("told|tells|telling", "published, reported, notified, logged, returned"),
            Map.entry("turns|comings", "membership changes"),
            Map.entry("seats?", "entry"),
            Map.entry("goodbyes?", "tombstone, leave message"),
            Map.entry("newcomers?", "pending nodes"),
            Map.entry("fates?", "membership event"),
            Map.entry("settles?|settled|supersedes?|superseded|overdue", "confirm or evict, replace, suspect"),
            Map.entry("connectedness|deaf", "subscription state, not receiving"),
            Map.entry("folds?|folded|folding|folder", "roll up"),
            Map.entry("ears?|leash|hangup|hang-up|rehearsals?|couriers?|storms?", "listener, watchdog, load phase"),
            Map.entry("patience|lingering|lingers?|paced", "timeout, retained, cost-throttled"),
            Map.entry("moments?|findings?|outbox|drafts?", "evaluation context, violation, notification queue"),
            Map.entry("tally|tallies|humanise", "snapshot builder, format"),
            Map.entry("mends?|mended|whoever|nobody|anybody", "fix, users who, none"),
            Map.entry("at the most|so many|cannot be", "at most, up to N, is invalid")));

    /** Texts in which a word is another one's: field names of the wire contract, of JDK and of other projects. */
    private static final List<Pattern> ALLOWED = List.of(
            Pattern.compile("[\"'`]folds[\"'`]|\\bfolds \\(|'folds'"), // a field of the stored windows
            Pattern.compile("(?i)scaffold\\w*|manifolds?|unfolds?"));

    private static final Pattern PATTERN = pattern(String.join("|", WORDS.keySet()));

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
        for (String directory : List.of("", "core", "node-agent", "aggregator", "cli", "deploy")) {
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
        Matcher matcher = PATTERN.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group());
        }
        return found;
    }

    /** Whole words in lower case, in upper case between underscores, and as parts of camel case. */
    private static Pattern pattern(String words) {
        String lower = "(?<![a-zA-Z])(?:" + words + ")(?![a-z])";
        String upper = "(?<![A-Z])(?:" + words.toUpperCase(Locale.ROOT) + ")(?![A-Z])";
        StringBuilder camel = new StringBuilder();
        for (String word : words.split("\\|")) {
            if (!word.contains(" ")) {
                camel.append(camel.isEmpty() ? "" : "|")
                        .append(Character.toUpperCase(word.charAt(0)))
                        .append(word.substring(1));
            }
        }
        return Pattern.compile(lower + "|" + upper + "|(?:" + camel + ")(?![a-z])");
    }
}

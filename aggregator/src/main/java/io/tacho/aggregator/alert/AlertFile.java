// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

import io.tacho.aggregator.api.Glob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a file of alerts, a line each, and tells all mistakes in it at once. */
final class AlertFile {

    private static final int MAX_BYTES = 65_536;
    private static final int MAX_RULES = 100;
    private static final int MAX_SILENCES = 100;
    private static final int MISTAKES_TOLD = 20;
    private static final Pattern COMMENT = Pattern.compile("(?:^|\\s)#.*$");
    private static final List<String> BEGINNINGS = List.of("rule", "silence", "webhook", "webhook-file");

    private final Path file;
    private final List<String> mistakes = new ArrayList<>();
    private final Map<String, Integer> rulesAt = new HashMap<>();
    private final List<Rule> rules = new ArrayList<>();
    private final List<Silence> silences = new ArrayList<>();
    private final Map<Integer, Silence> silencesAt = new HashMap<>();
    private @Nullable WebhookAddress webhook;
    private int webhookAt;

    private AlertFile(Path file) {
        this.file = file;
    }

    static AlertRules read(Path file) {
        return new AlertFile(file).parse(text(file, file));
    }

    /** For tests: as if it stood in that file. */
    static AlertRules parse(Path file, String text) {
        return new AlertFile(file).parse(text);
    }

    private static String text(Path file, Path shown) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new IllegalArgumentException("alerts: " + shown + " has " + Files.size(file)
                        + " bytes (expected: at most " + MAX_BYTES + ")");
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "alerts: cannot read " + shown + ", " + e.getClass().getSimpleName()
                            + " (expected: a readable text file, UTF-8)",
                    e);
        }
    }

    private AlertRules parse(String text) {
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            String said = COMMENT.matcher(line).replaceFirst("").strip();
            if (!said.isEmpty()) {
                try {
                    take(number, said);
                } catch (IllegalArgumentException e) {
                    mistakes.add("line " + number + ": " + e.getMessage());
                }
            }
        }
        silencesAt.forEach(this::requireRules);
        if (mistakes.isEmpty() && rules.isEmpty()) {
            mistakes.add("no rule (expected: at least 1, e.g. rule node-lost lost)");
        }
        if (!mistakes.isEmpty()) {
            throw new IllegalArgumentException("alerts: " + file + ": " + told());
        }
        return new AlertRules(webhook, rules, silences);
    }

    private String told() {
        if (mistakes.size() == 1) {
            return mistakes.get(0);
        }
        List<String> told = new ArrayList<>(mistakes.subList(0, Math.min(MISTAKES_TOLD, mistakes.size())));
        if (told.size() < mistakes.size()) {
            told.add("and more");
        }
        return mistakes.size() + " mistakes\n  " + String.join("\n  ", told);
    }

    private void take(int number, String line) {
        Words words = Words.of(line);
        String beginning = words.next("the beginning of a line");
        switch (beginning) {
            case "rule" -> take(number, RuleLine.parse(words));
            case "silence" -> {
                if (silences.size() == MAX_SILENCES) {
                    throw new IllegalArgumentException("one silence more (expected: at most " + MAX_SILENCES + ")");
                }
                Silence silence = SilenceLine.parse(words);
                silences.add(silence);
                silencesAt.put(number, silence);
            }
            case "webhook" -> webhook(number, WebhookAddress.parse(rest(line, beginning)));
            case "webhook-file" -> webhook(number, WebhookAddress.parse(secret(rest(line, beginning))));
            default ->
                throw new IllegalArgumentException(
                        "'" + beginning + "' (expected: " + Words.meant(beginning, BEGINNINGS) + ")");
        }
    }

    private void take(int number, Rule rule) {
        Integer before = rulesAt.putIfAbsent(rule.name(), number);
        if (before != null) {
            throw new IllegalArgumentException("rule '" + rule.name()
                    + "' (expected: another name, for it stands on line " + before + " already)");
        }
        if (rules.size() == MAX_RULES) {
            throw new IllegalArgumentException("one rule more (expected: at most " + MAX_RULES + ")");
        }
        rules.add(rule);
    }

    private void webhook(int number, WebhookAddress address) {
        if (webhook != null) {
            throw new IllegalArgumentException(
                    "a second webhook (expected: one, and it stands on line " + webhookAt + ")");
        }
        webhook = address;
        webhookAt = number;
    }

    private static String rest(String line, String beginning) {
        return line.substring(beginning.length()).strip();
    }

    /** A path is relative to the file's own. */
    private String secret(String path) {
        if (path.isEmpty()) {
            throw new IllegalArgumentException("webhook-file: nothing (expected: the path of a file with a URL)");
        }
        Path secret = file.resolveSibling(path);
        try {
            return Files.readString(secret).strip();
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "webhook-file: cannot read " + secret + ", " + e.getClass().getSimpleName()
                            + " (expected: a readable text file with a URL)",
                    e);
        }
    }

    private void requireRules(int number, Silence silence) {
        Glob wanted = silence.rules();
        if (!rulesAt.isEmpty() && rulesAt.keySet().stream().noneMatch(wanted::matches)) {
            mistakes.add("line " + number + ": silence '" + wanted.pattern() + "' (expected: a rule, "
                    + Words.meant(
                            wanted.pattern(), rulesAt.keySet().stream().sorted().toList()) + ")");
        }
    }
}

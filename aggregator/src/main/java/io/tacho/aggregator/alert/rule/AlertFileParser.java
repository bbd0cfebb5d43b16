// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.rule;

import io.tacho.text.Glob;
import io.tacho.text.TextFiles;
import io.tacho.text.Urls;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parses an alert file line by line and reports all errors in it at once. */
final class AlertFileParser {

    private static final int MAX_BYTES = 65_536;
    private static final int MAX_RULES = 100;
    private static final int MAX_SILENCES = 100;
    private static final int MAX_ALERTMANAGERS = 10;
    private static final int MAX_REPORTED_ERRORS = 20;
    private static final Pattern COMMENT = Pattern.compile("(?:^|\\s)#.*$");
    private static final Pattern URL = Pattern.compile("\\b(\\w+://?)[^\\s']+");
    private static final List<String> KEYWORDS =
            List.of("rule", "silence", "webhook", "webhook-file", "alertmanager", "external-url");

    private final Path file;
    private final List<String> errors = new ArrayList<>();
    private final Map<String, Integer> lineByRule = new HashMap<>();
    private final List<Rule> rules = new ArrayList<>();
    private final Map<Integer, Silence> silenceByLine = new HashMap<>();
    private final List<Silence> silences = new ArrayList<>();
    private @Nullable ReceiverUrl webhook;
    private int webhookLine;
    private final List<ReceiverUrl> alertmanagers = new ArrayList<>();
    private @Nullable URI externalUrl;

    private AlertFileParser(Path file) {
        this.file = file;
    }

    /** Reads and parses a file. */
    static AlertConfig read(Path file) {
        return parse(file, readFile(file));
    }

    /** Parses the text of a file. */
    static AlertConfig parse(Path file, String text) {
        return new AlertFileParser(file).parse(text);
    }

    private static String readFile(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new IllegalArgumentException("alerts: " + file + " has " + Files.size(file)
                        + " bytes (expected: at most " + MAX_BYTES + ")");
            }
            return TextFiles.read(file);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "alerts: cannot read " + file + ", " + TextFiles.cause(e)
                            + " (expected: a readable text file, UTF-8)",
                    e);
        }
    }

    private AlertConfig parse(String text) {
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            String content = COMMENT.matcher(line).replaceFirst("").strip();
            if (!content.isEmpty()) {
                try {
                    parseLine(number, content);
                } catch (IllegalArgumentException e) {
                    errors.add("line " + number + ": " + redactUrls(String.valueOf(e.getMessage())));
                }
            }
        }
        silenceByLine.forEach(this::checkSilencedRuleExists);
        if (errors.isEmpty() && rules.isEmpty()) {
            errors.add("no rule (expected: at least 1, e.g. rule node-lost lost)");
        }
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException("alerts: " + file + ": " + errorReport());
        }
        return new AlertConfig(webhook, alertmanagers, externalUrl, rules, silences);
    }

    private String errorReport() {
        if (errors.size() == 1) {
            return errors.get(0);
        }
        List<String> reported = new ArrayList<>(errors.subList(0, Math.min(MAX_REPORTED_ERRORS, errors.size())));
        if (reported.size() < errors.size()) {
            reported.add("and more");
        }
        return errors.size() + " errors\n  " + String.join("\n  ", reported);
    }

    private void parseLine(int number, String line) {
        Tokenizer tokens = Tokenizer.tokenize(line);
        String keyword = tokens.next("a keyword");
        String rest = line.substring(keyword.length()).strip();
        switch (keyword) {
            case "rule" -> addRule(number, RuleParser.parse(tokens));
            case "silence" -> addSilence(number, SilenceParser.parse(tokens));
            case "webhook" -> setWebhook(number, ReceiverUrl.parse("webhook", rest));
            case "webhook-file" -> setWebhook(number, ReceiverUrl.parse("webhook", readWebhookFile(rest)));
            case "alertmanager" -> addAlertmanager(ReceiverUrl.parseBase(keyword, rest));
            case "external-url" ->
                setExternalUrl(ReceiverUrl.parseBase(keyword, rest).uri());
            default ->
                throw new IllegalArgumentException(
                        "'" + keyword + "' (expected: " + Tokenizer.suggestionFor(keyword, KEYWORDS) + ")");
        }
    }

    /** Masks the URLs that were found, not those that were expected: a found one may be a webhook's, whose path is a secret. */
    private static String redactUrls(String message) {
        int end = message.lastIndexOf("(expected: ");
        String found = end < 0 ? message : message.substring(0, end);
        return URL.matcher(found).replaceAll("$1" + Urls.MASK) + message.substring(found.length());
    }

    private void addRule(int number, Rule rule) {
        Integer previous = lineByRule.putIfAbsent(rule.name(), number);
        if (previous != null) {
            throw new IllegalArgumentException(
                    "rule '" + rule.name() + "' (expected: a unique name; line " + previous + " has the same)");
        }
        if (rules.size() == MAX_RULES) {
            throw new IllegalArgumentException("too many rules (expected: at most " + MAX_RULES + ")");
        }
        rules.add(rule);
    }

    private void addSilence(int number, Silence silence) {
        if (silences.size() == MAX_SILENCES) {
            throw new IllegalArgumentException("too many silences (expected: at most " + MAX_SILENCES + ")");
        }
        silences.add(silence);
        silenceByLine.put(number, silence);
    }

    private void setWebhook(int number, ReceiverUrl url) {
        if (webhook != null) {
            throw new IllegalArgumentException(
                    "a second webhook (expected: at most one; line " + webhookLine + " has the first)");
        }
        webhook = url;
        webhookLine = number;
    }

    private void addAlertmanager(ReceiverUrl url) {
        if (alertmanagers.contains(url)) {
            throw new IllegalArgumentException("alertmanager " + url + " (expected: a URL that no other line has)");
        }
        if (alertmanagers.size() == MAX_ALERTMANAGERS) {
            throw new IllegalArgumentException("too many alertmanagers (expected: at most " + MAX_ALERTMANAGERS + ")");
        }
        alertmanagers.add(url);
    }

    private void setExternalUrl(URI url) {
        if (externalUrl != null) {
            throw new IllegalArgumentException("a second external-url (expected: at most one)");
        }
        externalUrl = url;
    }

    /** Reads a URL from a file; its path is relative to the alert file. */
    private String readWebhookFile(String path) {
        if (path.isEmpty()) {
            throw new IllegalArgumentException("webhook-file: no path (expected: the path of a file with a URL)");
        }
        Path urlFile = file.resolveSibling(path);
        try {
            return TextFiles.read(urlFile).strip();
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "webhook-file: cannot read " + urlFile + ", " + TextFiles.cause(e)
                            + " (expected: a readable text file with a URL)",
                    e);
        }
    }

    private void checkSilencedRuleExists(int number, Silence silence) {
        Glob glob = silence.ruleNames();
        if (!lineByRule.isEmpty() && lineByRule.keySet().stream().noneMatch(glob::matches)) {
            List<String> names = lineByRule.keySet().stream().sorted().toList();
            errors.add("line " + number + ": silence '" + glob.pattern() + "' (expected: a rule, "
                    + Tokenizer.suggestionFor(glob.pattern(), names) + ")");
        }
    }
}

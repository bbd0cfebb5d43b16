// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.rule;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The content of an alert file: rules, silences and the webhook.
 *
 * @param webhook the receiver of notifications; null if alerts are only logged
 * @param rules rules with unique names, in the order of the file
 */
public record AlertConfig(@Nullable WebhookUrl webhook, List<Rule> rules, List<Silence> silences) {

    /** No rules, no silences and no webhook. */
    public static final AlertConfig NONE = new AlertConfig(null, List.of(), List.of());

    public AlertConfig {
        rules = List.copyOf(rules);
        silences = List.copyOf(silences);
    }

    /**
     * Reads and parses an alert file.
     *
     * @throws IllegalArgumentException listing every error with its line, the found and the expected value
     */
    public static AlertConfig read(Path file) {
        return AlertFileParser.read(file);
    }

    /**
     * Parses the text of an alert file.
     *
     * @param file the file that error messages name, and that a {@code webhook-file} is relative to
     * @throws IllegalArgumentException listing every error with its line, the found and the expected value
     */
    public static AlertConfig parse(Path file, String text) {
        return AlertFileParser.parse(file, text);
    }

    /** Returns one line for the log: the number of rules and silences, and the host of the webhook, without secrets. */
    public String summary() {
        return rules.size()
                + (rules.size() == 1 ? " rule, " : " rules, ")
                + silences.size()
                + (silences.size() == 1 ? " silence, " : " silences, ")
                + (webhook == null ? "no webhook" : "webhook " + webhook);
    }

    /** Returns the lines of an equivalent alert file, without secrets. */
    public List<String> toLines() {
        List<String> lines = new ArrayList<>();
        lines.add(webhook == null ? "# no webhook: alerts are only logged" : "webhook " + webhook);
        rules.forEach(rule -> lines.add(rule.toString()));
        silences.forEach(silence -> lines.add(silence.toString()));
        return lines;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the file of alerts says.
 *
 * @param webhook null for the log alone
 * @param rules their names differ
 */
public record AlertRules(@Nullable WebhookAddress webhook, List<Rule> rules, List<Silence> silences) {

    /** No alerts. */
    public static final AlertRules NONE = new AlertRules(null, List.of(), List.of());

    public AlertRules {
        rules = List.copyOf(rules);
        silences = List.copyOf(silences);
    }

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException with every mistake: its line, what was found and what was expected
     */
    public static AlertRules read(Path file) {
        return AlertFile.read(file);
    }

    public boolean isEmpty() {
        return rules.isEmpty();
    }

    /** In a few words, without secrets. */
    public String summary() {
        return rules.size()
                + (rules.size() == 1 ? " rule, " : " rules, ")
                + silences.size()
                + (silences.size() == 1 ? " silence, " : " silences, ")
                + (webhook == null ? "no webhook" : "webhook " + webhook);
    }

    /** How it was understood, line by line, without secrets. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(webhook == null ? "# no webhook: to the log alone" : "webhook " + webhook);
        rules.forEach(rule -> lines.add(rule.toString()));
        silences.forEach(silence -> lines.add(silence.toString()));
        return lines;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.rule;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The content of an alert file: rules, silences and the receivers of notifications.
 *
 * @param webhook receives each start and end of an alert once; null if there is none
 * @param alertmanagers the base URLs of Prometheus Alertmanagers, in the order of the file
 * @param externalUrl the base URL of the dashboard for people; null if it is unknown
 * @param rules rules with unique names, in the order of the file
 */
public record AlertConfig(
        @Nullable ReceiverUrl webhook,
        List<ReceiverUrl> alertmanagers,
        @Nullable URI externalUrl,
        List<Rule> rules,
        List<Silence> silences) {

    /** No rules, no silences and no receivers. */
    public static final AlertConfig NONE = new AlertConfig(null, List.of(), null, List.of(), List.of());

    public AlertConfig {
        alertmanagers = List.copyOf(alertmanagers);
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

    /** Returns one line for the log: the number of rules and silences, and the hosts of the receivers, without secrets. */
    public String summary() {
        return rules.size()
                + (rules.size() == 1 ? " rule, " : " rules, ")
                + silences.size()
                + (silences.size() == 1 ? " silence, " : " silences, ")
                + (webhook == null ? "no webhook" : "webhook " + webhook)
                + alertmanagers.stream().map(url -> ", alertmanager " + url).collect(Collectors.joining());
    }

    /** Returns the lines of an equivalent alert file, without secrets. */
    public List<String> toLines() {
        List<String> lines = new ArrayList<>();
        if (webhook != null) {
            lines.add("webhook " + webhook);
        } else if (alertmanagers.isEmpty()) {
            lines.add("# no webhook: alerts are only logged");
        }
        alertmanagers.forEach(url -> lines.add("alertmanager " + url));
        if (externalUrl != null) {
            lines.add("external-url " + externalUrl);
        }
        rules.forEach(rule -> lines.add(rule.toString()));
        silences.forEach(silence -> lines.add(silence.toString()));
        return lines;
    }
}

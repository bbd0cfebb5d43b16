// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.rule;

import io.tacho.aggregator.alert.rule.Threshold.Operator;
import io.tacho.aggregator.cluster.ClusterMetric;
import io.tacho.model.Field;
import io.tacho.text.Glob;
import io.tacho.units.Durations;
import io.tacho.units.Quantity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Parses the line of a rule: {@code rule NAME CONDITION [severity=WORD]}. */
final class RuleParser {

    static final String SEVERITY = "severity=";

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_.-]{0,62}");
    private static final Pattern SEVERITY_NAME = Pattern.compile("[a-z0-9_-]{1,30}");
    private static final int MAX_WINDOWS = 1_000;
    private static final String END = "end of line";
    private static final String NODES_OR_END = "node=NAME or end of line";

    private RuleParser() {}

    /**
     * Parses a rule from the tokens after the keyword {@code rule}.
     *
     * @throws IllegalArgumentException stating the found and the expected value
     */
    static Rule parse(Tokenizer tokens) {
        String name = tokens.next("a name for the rule");
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "rule name '" + name + "' (expected: lowercase letters, digits, - _ and ., at most 63)");
        }
        String severity = parseSeverity(tokens);
        return new Rule(name, parseCondition(tokens), severity);
    }

    /** Parses and removes {@code severity=WORD} at the end of the line; returns the default if it is absent. */
    private static String parseSeverity(Tokenizer tokens) {
        String token = tokens.removeLastIfStartsWith(SEVERITY);
        if (token == null) {
            return Rule.DEFAULT_SEVERITY;
        }
        String severity = token.substring(SEVERITY.length());
        if (!SEVERITY_NAME.matcher(severity).matches()) {
            throw new IllegalArgumentException("'" + token + "' (expected: " + SEVERITY
                    + " and a word, e.g. critical; lowercase letters, digits, - and _, at most 30)");
        }
        return severity;
    }

    private static Condition parseCondition(Tokenizer tokens) {
        String subject = tokens.next("a condition: " + String.join(", ", validSubjects()));
        return switch (subject) {
            case "lost" -> new Condition.LostNode(trailingNodeFilter(tokens));
            case "outlier" -> new Condition.OutlierNode(trailingNodeFilter(tokens));
            case "nodes" -> {
                Threshold threshold = parseThreshold(tokens, Quantity.COUNT);
                Duration minDuration = tokens.skipIfNext("for") ? parseDuration(tokens) : Duration.ZERO;
                yield new Condition.NodeCount(threshold, minDuration, trailingNodeFilter(tokens));
            }
            case "age" -> new Condition.BeatAge(parseMaxDuration(tokens), trailingNodeFilter(tokens));
            case "stale" -> {
                Threshold threshold = parseMaxDuration(tokens);
                tokens.expectEnd(END);
                yield new Condition.StaleAggregator(threshold);
            }
            case "cluster" -> parseClusterTotal(tokens);
            default -> parseNodeField(subject, tokens);
        };
    }

    private static Condition parseNodeField(String name, Tokenizer tokens) {
        Field field = Field.of(name);
        if (field == null) {
            String hint = ClusterMetric.names().contains(name)
                    ? "cluster " + name
                    : Tokenizer.suggestionFor(name, validSubjects());
            throw new IllegalArgumentException("'" + name + "' (expected: " + hint + ")");
        }
        if (!comparableFields().contains(name)) {
            throw new IllegalArgumentException("'" + name + "' cannot have a threshold (expected: one of "
                    + String.join(", ", comparableFields()) + ")");
        }
        Threshold threshold = parseThreshold(tokens, Threshold.quantityOf(field.unit()));
        int windows = parseWindows(tokens);
        return new Condition.NodeField(field, threshold, windows, trailingNodeFilter(tokens));
    }

    private static Condition parseClusterTotal(Tokenizer tokens) {
        String name = tokens.next("a metric of the cluster");
        ClusterMetric metric = ClusterMetric.of(name);
        if (metric == null) {
            throw new IllegalArgumentException(
                    "'" + name + "' (expected: " + Tokenizer.suggestionFor(name, ClusterMetric.names()) + ")");
        }
        Threshold threshold = parseThreshold(tokens, Threshold.quantityOf(metric.unit()));
        int windows = parseWindows(tokens);
        tokens.expectEnd(END);
        return new Condition.ClusterTotal(metric, threshold, windows);
    }

    /** Returns all words that may start a condition. */
    private static List<String> validSubjects() {
        List<String> subjects = new ArrayList<>(List.of("lost", "outlier", "nodes", "age", "stale", "cluster"));
        subjects.addAll(comparableFields());
        return subjects;
    }

    /** Returns the fields of a node that may be compared with a threshold. */
    private static List<String> comparableFields() {
        return Field.wireNames().stream()
                .filter(ClusterMetric.names()::contains)
                .toList();
    }

    /** Parses the optional node filter at the end of a line. */
    private static Glob trailingNodeFilter(Tokenizer tokens) {
        Glob nodes = tokens.nextNodeFilterOrAny();
        tokens.expectEnd(nodes.equals(Glob.ANY) ? NODES_OR_END : END);
        return nodes;
    }

    /** Parses a comparison operator and a limit. */
    private static Threshold parseThreshold(Tokenizer tokens, Quantity quantity) {
        String symbol = tokens.next("one of < <= > >=");
        Operator operator = Operator.ofSymbol(symbol);
        if (operator == null) {
            throw new IllegalArgumentException("'" + symbol + "' (expected: one of < <= > >=)");
        }
        String limit = tokens.next("a threshold");
        Threshold threshold = new Threshold(operator, quantity.parse(limit), symbol + " " + limit);
        if (operator == Operator.LESS && threshold.limit() == 0) {
            throw new IllegalArgumentException("'< 0' is never true (expected: a threshold above 0)");
        }
        return threshold;
    }

    /** Parses a threshold that limits a duration from above. */
    private static Threshold parseMaxDuration(Tokenizer tokens) {
        Threshold threshold = parseThreshold(tokens, Quantity.DURATION);
        if (threshold.operator() != Operator.GREATER && threshold.operator() != Operator.GREATER_OR_EQUAL) {
            throw new IllegalArgumentException("'" + threshold.text() + "' (expected: > and a duration)");
        }
        if (threshold.limit() < Duration.ofSeconds(1).toNanos()) {
            throw new IllegalArgumentException("'" + threshold.text() + "' (expected: at least 1s)");
        }
        return threshold;
    }

    /** Parses the duration after {@code for}, at most a day. */
    private static Duration parseDuration(Tokenizer tokens) {
        Duration duration = Duration.ofNanos(Quantity.DURATION.parse(tokens.next("a duration, e.g. 30s")));
        if (duration.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("for " + Durations.format(duration) + " (expected: at most 24h)");
        }
        return duration;
    }

    /** Parses {@code for 3 windows}; returns 1 if it is absent. */
    private static int parseWindows(Tokenizer tokens) {
        if (!tokens.skipIfNext("for")) {
            return 1;
        }
        String count = tokens.next("a number of windows, e.g. 3");
        if (!count.matches("\\d{1,4}") || Integer.parseInt(count) < 1 || Integer.parseInt(count) > MAX_WINDOWS) {
            throw new IllegalArgumentException("for '" + count + "' (expected: windows, 1 to " + MAX_WINDOWS + ")");
        }
        String unit = tokens.next("windows");
        if (!unit.equals("windows") && !unit.equals("window")) {
            throw new IllegalArgumentException("for " + count + " '" + unit + "' (expected: windows)");
        }
        return Integer.parseInt(count);
    }
}

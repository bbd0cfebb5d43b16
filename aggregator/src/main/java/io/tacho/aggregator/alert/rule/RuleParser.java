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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parses the line of a rule: {@code rule NAME CONDITION [severity=WORD]}. */
final class RuleParser {

    static final String SEVERITY = "severity=";

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_.-]{0,62}");
    private static final Pattern SEVERITY_NAME = Pattern.compile("[a-z0-9_-]{1,30}");
    private static final Pattern LABEL_FORM = Pattern.compile("label=([a-zA-Z_][a-zA-Z0-9_]{0,62})=(\\S{1,128})");
    private static final Pattern PERCENT_FORM = Pattern.compile("(\\d{1,5})%");
    private static final Pattern FACTOR_FORM = Pattern.compile("(\\d{1,4}(?:\\.\\d{1,3})?)x");
    private static final int MAX_WINDOWS = 1_000;
    private static final int MAX_CHANGE_WINDOWS = 1_000;
    /** Limits the memory: the values of these windows are kept for each node. */
    private static final int MAX_NODE_CHANGE_WINDOWS = 10;

    private static final String OPERATORS = "one of < <= > >=";
    private static final String LABEL = "label=NAME=VALUE";
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
            case "absent" -> parseAbsentLabel(tokens);
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

    private static Condition parseAbsentLabel(Tokenizer tokens) {
        String token = tokens.next(LABEL);
        Matcher label = LABEL_FORM.matcher(token);
        if (!label.matches()) {
            throw new IllegalArgumentException("'" + token + "' (expected: " + LABEL + ")");
        }
        Duration minDuration = tokens.skipIfNext("for") ? parseDuration(tokens) : Duration.ZERO;
        tokens.expectEnd(END);
        return new Condition.AbsentLabel(label.group(1), label.group(2), minDuration);
    }

    private static Condition parseNodeField(String name, Tokenizer tokens) {
        ClusterMetric metric = ClusterMetric.of(name);
        if (metric == null && Field.of(name) == null) {
            throw new IllegalArgumentException(
                    "'" + name + "' (expected: " + Tokenizer.suggestionFor(name, validSubjects()) + ")");
        }
        if (metric == null) {
            throw new IllegalArgumentException("'" + name + "' cannot have a threshold (expected: one of "
                    + String.join(", ", ClusterMetric.names()) + ")");
        }
        Change change = parseChange(tokens, MAX_NODE_CHANGE_WINDOWS);
        if (change != null) {
            return new Condition.NodeChange(metric, change, trailingNodeFilter(tokens));
        }
        String symbol = tokens.next(OPERATORS);
        MedianFactor factor = parseFactor(tokens, symbol);
        if (factor != null) {
            int windows = parseWindows(tokens);
            return new Condition.NodeFactor(metric, factor, windows, trailingNodeFilter(tokens));
        }
        Threshold threshold = parseThreshold(tokens, symbol, Threshold.quantityOf(metric.unit()));
        int windows = parseWindows(tokens);
        return new Condition.NodeField(metric, threshold, windows, trailingNodeFilter(tokens));
    }

    /** Parses {@code falls > 30% within 5 windows}; returns null if the next token is no direction. */
    private static @Nullable Change parseChange(Tokenizer tokens, int maxWindows) {
        boolean isRise = tokens.skipIfNext("rises");
        if (!isRise && !tokens.skipIfNext("falls")) {
            return null;
        }
        expect(tokens, ">");
        String text = tokens.next("a percentage, e.g. 30%");
        Matcher percent = PERCENT_FORM.matcher(text);
        long number = percent.matches() ? Long.parseLong(percent.group(1)) : 0;
        if (number < 1 || (!isRise && number > 99)) {
            throw new IllegalArgumentException(
                    "'" + text + "' (expected: a percentage, 1% to " + (isRise ? "99999%" : "99%") + ")");
        }
        expect(tokens, "within");
        int windows = parseWindowCount(tokens, "within", maxWindows);
        return new Change(isRise ? Change.Direction.RISES : Change.Direction.FALLS, number, windows);
    }

    /** Parses {@code 3x median} after an operator; returns null if the next token is no factor. */
    private static @Nullable MedianFactor parseFactor(Tokenizer tokens, String symbol) {
        String text = tokens.peek();
        Matcher factor = FACTOR_FORM.matcher(text == null ? "" : text);
        Operator operator = Operator.ofSymbol(symbol);
        if (!factor.matches() || operator == null) {
            return null;
        }
        tokens.next("a factor");
        double number = Double.parseDouble(factor.group(1));
        boolean isAbove = operator == Operator.GREATER || operator == Operator.GREATER_OR_EQUAL;
        if (isAbove ? number <= 1 : number <= 0 || number >= 1) {
            throw new IllegalArgumentException("'" + symbol + " " + text + "' (expected: "
                    + (isAbove ? "a factor above 1, e.g. 3x" : "a factor between 0 and 1, e.g. 0.5x") + ")");
        }
        expect(tokens, "median");
        return new MedianFactor(operator, number, symbol + " " + text + " median");
    }

    private static void expect(Tokenizer tokens, String expected) {
        String token = tokens.next(expected);
        if (!token.equals(expected)) {
            throw new IllegalArgumentException("'" + token + "' (expected: " + expected + ")");
        }
    }

    private static Condition parseClusterTotal(Tokenizer tokens) {
        String name = tokens.next("a metric of the cluster");
        ClusterMetric metric = ClusterMetric.of(name);
        if (metric == null) {
            throw new IllegalArgumentException(
                    "'" + name + "' (expected: " + Tokenizer.suggestionFor(name, ClusterMetric.names()) + ")");
        }
        Change change = parseChange(tokens, MAX_CHANGE_WINDOWS);
        if (change != null) {
            tokens.expectEnd(END);
            return new Condition.ClusterChange(metric, change);
        }
        Threshold threshold = parseThreshold(tokens, Threshold.quantityOf(metric.unit()));
        int windows = parseWindows(tokens);
        tokens.expectEnd(END);
        return new Condition.ClusterTotal(metric, threshold, windows);
    }

    /** Returns all words that may start a condition. */
    private static List<String> validSubjects() {
        List<String> subjects =
                new ArrayList<>(List.of("lost", "outlier", "nodes", "absent", "age", "stale", "cluster"));
        subjects.addAll(ClusterMetric.names());
        return subjects;
    }

    /** Parses the optional node filter at the end of a line. */
    private static Glob trailingNodeFilter(Tokenizer tokens) {
        Glob nodes = tokens.nextNodeFilterOrAny();
        tokens.expectEnd(nodes.equals(Glob.ANY) ? NODES_OR_END : END);
        return nodes;
    }

    /** Parses a comparison operator and a limit. */
    private static Threshold parseThreshold(Tokenizer tokens, Quantity quantity) {
        return parseThreshold(tokens, tokens.next(OPERATORS), quantity);
    }

    /** Parses the limit after an operator. */
    private static Threshold parseThreshold(Tokenizer tokens, String symbol, Quantity quantity) {
        Operator operator = Operator.ofSymbol(symbol);
        if (operator == null) {
            throw new IllegalArgumentException("'" + symbol + "' (expected: " + OPERATORS + ")");
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
        return parseWindowCount(tokens, "for", MAX_WINDOWS);
    }

    private static int parseWindowCount(Tokenizer tokens, String keyword, int max) {
        String count = tokens.next("a number of windows, e.g. 3");
        if (!count.matches("\\d{1,4}") || Integer.parseInt(count) < 1 || Integer.parseInt(count) > max) {
            throw new IllegalArgumentException(keyword + " '" + count + "' (expected: windows, 1 to " + max + ")");
        }
        String unit = tokens.next("windows");
        if (!unit.equals("windows") && !unit.equals("window")) {
            throw new IllegalArgumentException(keyword + " " + count + " '" + unit + "' (expected: windows)");
        }
        return Integer.parseInt(count);
    }
}

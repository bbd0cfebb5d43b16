// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

import io.tacho.aggregator.alert.Bound.Sign;
import io.tacho.aggregator.api.Glob;
import io.tacho.aggregator.cluster.ClusterMetric;
import io.tacho.model.Field;
import io.tacho.units.Durations;
import io.tacho.units.Quantity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads a rule: {@code rule NAME CONDITION}. */
final class RuleLine {

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_.-]{0,62}");
    private static final int MAX_WINDOWS = 1_000;
    private static final String END = "the end of the line";
    private static final String END_OR_NODES = "node=NAME or the end of the line";

    private RuleLine() {}

    /** @throws IllegalArgumentException saying what was found and what was expected */
    static Rule parse(Words words) {
        String name = words.next("a name for the rule");
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "rule name '" + name + "' (expected: small letters, digits, - _ and ., at most 63)");
        }
        return new Rule(name, condition(words));
    }

    private static Condition condition(Words words) {
        String about = words.next("a condition: " + String.join(", ", abouts()));
        return switch (about) {
            case "lost" -> new Condition.Lost(nodesThenEnd(words));
            case "nodes" -> {
                Bound bound = bound(words, Quantity.COUNT);
                Duration hold = words.take("for") ? duration(words) : Duration.ZERO;
                yield new Condition.NodeCount(bound, hold, nodesThenEnd(words));
            }
            case "age" -> new Condition.Age(over(words), nodesThenEnd(words));
            case "stale" -> {
                Bound bound = over(words);
                words.end(END);
                yield new Condition.Stale(bound);
            }
            case "cluster" -> ofCluster(words);
            default -> ofNode(about, words);
        };
    }

    private static Condition ofNode(String name, Words words) {
        Field field = Field.of(name);
        if (field == null) {
            String hint = ClusterMetric.names().contains(name) ? "cluster " + name : Words.meant(name, abouts());
            throw new IllegalArgumentException("'" + name + "' (expected: " + hint + ")");
        }
        if (!bounded().contains(name)) {
            throw new IllegalArgumentException(
                    "'" + name + "' has no bounds (expected: one of " + String.join(", ", bounded()) + ")");
        }
        Bound bound = bound(words, Amount.of(name));
        int windows = windows(words);
        return new Condition.OfNode(field, bound, windows, nodesThenEnd(words));
    }

    private static Condition ofCluster(Words words) {
        Set<String> fields = ClusterMetric.names();
        String field = words.next("a field of the cluster");
        if (!fields.contains(field)) {
            throw new IllegalArgumentException("'" + field + "' (expected: " + Words.meant(field, fields) + ")");
        }
        Bound bound = bound(words, Amount.of(field));
        int windows = windows(words);
        words.end(END);
        return new Condition.OfCluster(field, bound, windows);
    }

    /** All that a condition may begin with. */
    private static List<String> abouts() {
        List<String> abouts = new ArrayList<>(List.of("lost", "nodes", "age", "stale", "cluster"));
        abouts.addAll(bounded());
        return abouts;
    }

    /** The fields of a node that a bound makes sense for. */
    private static List<String> bounded() {
        return Field.wireNames().stream()
                .filter(ClusterMetric.names()::contains)
                .toList();
    }

    private static Glob nodesThenEnd(Words words) {
        Glob nodes = words.nodes();
        words.end(nodes.equals(Glob.ANY) ? END_OR_NODES : END);
        return nodes;
    }

    private static Bound bound(Words words, Quantity amount) {
        String sign = words.next("one of < <= > >=");
        Sign meaning = Bound.SIGNS.get(sign);
        if (meaning == null) {
            throw new IllegalArgumentException("'" + sign + "' (expected: one of < <= > >=)");
        }
        String limit = words.next("a bound");
        Bound bound = new Bound(meaning, amount.parse(limit), sign + " " + limit);
        if (meaning == Sign.BELOW && bound.limit() == 0) {
            throw new IllegalArgumentException("'< 0' is never so (expected: a bound above 0)");
        }
        return bound;
    }

    /** A duration that is not to be exceeded. */
    private static Bound over(Words words) {
        Bound bound = bound(words, Quantity.DURATION);
        if (bound.sign() != Sign.ABOVE && bound.sign() != Sign.AT_LEAST) {
            throw new IllegalArgumentException("'" + bound.text() + "' (expected: > and a duration)");
        }
        if (bound.limit() < Duration.ofSeconds(1).toNanos()) {
            throw new IllegalArgumentException("'" + bound.text() + "' (expected: at least 1s)");
        }
        return bound;
    }

    private static Duration duration(Words words) {
        Duration duration = Durations.parse(words.next("a duration, e.g. 30s"));
        if (duration.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("for " + Durations.format(duration) + " (expected: at most 24h)");
        }
        return duration;
    }

    /** {@code for 3 windows}; one where nothing is said. */
    private static int windows(Words words) {
        if (!words.take("for")) {
            return 1;
        }
        String count = words.next("a number of windows, e.g. 3");
        if (!count.matches("\\d{1,4}") || Integer.parseInt(count) < 1 || Integer.parseInt(count) > MAX_WINDOWS) {
            throw new IllegalArgumentException("for '" + count + "' (expected: windows, 1 to " + MAX_WINDOWS + ")");
        }
        String unit = words.next("windows");
        if (!unit.equals("windows") && !unit.equals("window")) {
            throw new IllegalArgumentException("for " + count + " '" + unit + "' (expected: windows)");
        }
        return Integer.parseInt(count);
    }
}

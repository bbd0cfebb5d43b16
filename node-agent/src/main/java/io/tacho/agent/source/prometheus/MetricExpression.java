// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.prometheus;

import io.tacho.agent.source.scrape.Increase;
import io.tacho.agent.source.scrape.Labels;
import io.tacho.agent.source.scrape.Scrape;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A sum of metrics, each summed over its matching series, perhaps scaled: {@code a{x="1",y!="2"} + b * 1024}. A metric after a
 * {@code |} is used if none of those before it is reported.
 *
 * @param alternatives in the order of preference
 */
record MetricExpression(List<Sum> alternatives) {

    private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
    private static final String LABEL = "[a-zA-Z_][a-zA-Z0-9_]*";
    private static final Pattern NAMED_LABEL = Pattern.compile("(" + LABEL + ")\\s*(?:=~|!~|!=|=)\\s*\"");
    private static final Pattern TERM =
            Pattern.compile("\\s*(" + NAME + ")\\s*(?:\\{([^}]*)})?\\s*(?:\\*\\s*([0-9.eE-]+))?\\s*");
    private static final Pattern CONDITION = Pattern.compile("\\s*(" + LABEL + ")\\s*(=~|!~|!=|=)\\s*\"([^\"]*)\"\\s*");

    /** Metrics that are added. */
    record Sum(List<Term> terms) {

        boolean isReported(Scrape scrape) {
            return terms.stream().anyMatch(term -> scrape.has(term.metric()));
        }
    }

    /**
     * A metric with conditions on its labels.
     *
     * @param factor by which its value is multiplied
     */
    record Term(String metric, Predicate<Labels> labels, double factor) {

        OptionalDouble value(Scrape scrape) {
            return scaled(scrape.sum(metric, labels), factor);
        }
    }

    /**
     * Parses an expression.
     *
     * @throws IllegalArgumentException naming the part that is invalid
     */
    static MetricExpression parse(String text) {
        List<Sum> alternatives = new ArrayList<>();
        for (String alternative : split(text, '|')) {
            List<Term> terms = new ArrayList<>();
            for (String term : split(alternative, '+')) {
                terms.add(term(term));
            }
            alternatives.add(new Sum(List.copyOf(terms)));
        }
        return new MetricExpression(List.copyOf(alternatives));
    }

    /** Returns the labels that the conditions of an expression name; also others that look so, for example in a value. */
    static Set<String> labels(String text) {
        return NAMED_LABEL.matcher(text).results().map(label -> label.group(1)).collect(Collectors.toSet());
    }

    /** Splits at a character outside quotation marks. */
    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            quoted ^= c == '"';
            if (c == separator && !quoted) {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(text.substring(start));
        return parts;
    }

    private static Term term(String text) {
        Matcher term = TERM.matcher(text);
        if (!term.matches()) {
            throw new IllegalArgumentException(
                    "'" + text.strip() + "' (expected: a metric like name{label=\"value\"} * 1.5)");
        }
        Predicate<Labels> labels = any -> true;
        String conditions = term.group(2);
        if (conditions != null && !conditions.isBlank()) {
            for (String condition : split(conditions, ',')) {
                labels = labels.and(condition(condition));
            }
        }
        try {
            return new Term(term.group(1), labels, term.group(3) == null ? 1 : Double.parseDouble(term.group(3)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + term.group(3) + "' (expected: a number after *)", e);
        }
    }

    private static Predicate<Labels> condition(String text) {
        Matcher condition = CONDITION.matcher(text);
        if (!condition.matches()) {
            throw new IllegalArgumentException(
                    "'" + text.strip() + "' (expected: a condition like label=\"value\", with =, !=, =~ or !~)");
        }
        String label = condition.group(1);
        String value = condition.group(3);
        return switch (condition.group(2)) {
            case "=" -> labels -> value.equals(text(labels, label));
            case "!=" -> labels -> !value.equals(text(labels, label));
            case "=~" -> {
                Pattern pattern = pattern(value);
                yield labels -> pattern.matcher(text(labels, label)).matches();
            }
            default -> {
                Pattern pattern = pattern(value);
                yield labels -> !pattern.matcher(text(labels, label)).matches();
            }
        };
    }

    private static Pattern pattern(String regex) {
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("'" + regex + "' (expected: a regular expression after =~ or !~)", e);
        }
    }

    /** Returns the value of a label; as in PromQL a missing one is empty. */
    private static String text(Labels labels, String name) {
        @Nullable String value = labels.get(name);
        return value == null ? "" : value;
    }

    private static OptionalDouble scaled(OptionalDouble value, double factor) {
        return value.isPresent() ? OptionalDouble.of(value.getAsDouble() * factor) : value;
    }

    /** Returns the names of all metrics. */
    List<String> metrics() {
        return alternatives.stream()
                .flatMap(sum -> sum.terms().stream())
                .map(Term::metric)
                .toList();
    }

    /** Returns the first alternative that is reported, otherwise the last. */
    Sum chosen(Scrape scrape) {
        for (Sum alternative : alternatives) {
            if (alternative.isReported(scrape)) {
                return alternative;
            }
        }
        return alternatives.get(alternatives.size() - 1);
    }

    /** Returns the current value; empty if no metric is reported. */
    OptionalDouble value(Scrape scrape) {
        OptionalDouble sum = OptionalDouble.empty();
        for (Term term : chosen(scrape).terms()) {
            OptionalDouble value = term.value(scrape);
            if (value.isPresent()) {
                sum = OptionalDouble.of(sum.orElse(0) + value.getAsDouble());
            }
        }
        return sum;
    }

    /** Returns whether the value is known: no line of its metrics is unreadable. A metric that is not reported is no obstacle. */
    boolean isComplete(Scrape scrape) {
        for (Sum alternative : alternatives) {
            if (!alternative.terms().stream().allMatch(term -> scrape.isComplete(term.metric(), term.labels()))) {
                return false;
            }
            if (alternative.isReported(scrape)) {
                return true;
            }
        }
        return true;
    }

    /**
     * Returns the increase; empty if it is unknown. A metric that is not reported yet has not increased. Where another alternative
     * takes over, the increase is unknown and counts as 0.
     */
    OptionalDouble increase(Increase increase) {
        Sum chosen = chosen(increase.now());
        Sum before = chosen(increase.before());
        if (!before.equals(chosen) && before.isReported(increase.before())) {
            return OptionalDouble.of(0);
        }
        double sum = 0;
        for (Term term : chosen.terms()) {
            if (!increase.isComplete(term.metric(), term.labels())) {
                return OptionalDouble.empty();
            }
            sum += term.factor() * increase.of(term.metric(), term.labels());
        }
        return OptionalDouble.of(sum);
    }

    /** Returns the change over the series that both scrapes have, of the metrics that are used now; empty if there are none. */
    OptionalDouble commonChange(Increase increase) {
        OptionalDouble sum = OptionalDouble.empty();
        for (Term term : chosen(increase.now()).terms()) {
            OptionalDouble change = scaled(increase.ofCommon(term.metric(), term.labels()), term.factor());
            if (change.isPresent()) {
                sum = OptionalDouble.of(sum.orElse(0) + change.getAsDouble());
            }
        }
        return sum;
    }
}

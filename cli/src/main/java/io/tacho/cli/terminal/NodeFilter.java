// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The filter's language, which is the dashboard's: terms side by side, all of which have to hold. {@code chat} is part of
 * the name or uid, {@code -chat} is not, {@code state:lost,left} is one of these states, {@code cpu>50} and
 * {@code client_max>=5ms} compare a field.
 */
final class NodeFilter {

    /** Lets everything through. */
    static final NodeFilter ALL = new NodeFilter("", List.of());

    private static final Pattern COMPARISON = Pattern.compile("([A-Za-z_-]+)(>=|<=|!=|>|<|=)(.+)");

    private interface Term {
        boolean holds(Node node, long nowSeconds);
    }

    private final String text;
    private final List<Term> terms;

    private NodeFilter(String text, List<Term> terms) {
        this.text = text;
        this.terms = terms;
    }

    /** @throws IllegalArgumentException describing what is wrong with the text */
    static NodeFilter parse(String text) {
        List<Term> terms = new ArrayList<>();
        for (String term : text.trim().split("\\s+", -1)) {
            if (!term.isEmpty()) {
                terms.add(term(term));
            }
        }
        return new NodeFilter(text.trim(), List.copyOf(terms));
    }

    boolean holds(Node node, long nowSeconds) {
        return terms.stream().allMatch(term -> term.holds(node, nowSeconds));
    }

    @Override
    public String toString() {
        return text;
    }

    private static Term term(String text) {
        if (text.startsWith("-") && text.length() > 1) {
            Term without = term(text.substring(1));
            return (node, now) -> !without.holds(node, now);
        }
        if (text.startsWith("state:")) {
            List<Node.State> wanted = new ArrayList<>();
            for (String label : text.substring(6).toLowerCase(Locale.ROOT).split(",", -1)) {
                wanted.add(Node.State.of(label));
            }
            return (node, now) -> wanted.contains(node.state());
        }
        Matcher comparison = COMPARISON.matcher(text);
        if (comparison.matches()) {
            return comparison(text, Column.of(comparison.group(1)), comparison.group(2), comparison.group(3));
        }
        String wanted = text.toLowerCase(Locale.ROOT);
        return (node, now) -> node.name().toLowerCase(Locale.ROOT).contains(wanted)
                || node.uid().toLowerCase(Locale.ROOT).contains(wanted);
    }

    private static Term comparison(String term, Column column, String sign, String value) {
        if (column.isText()) {
            if (!sign.equals("=") && !sign.equals("!=")) {
                throw new IllegalArgumentException(
                        term + ": " + column.field().wireName() + " is text (expected: = or !=)");
            }
            return (node, now) -> node.text(column).equalsIgnoreCase(value) == sign.equals("=");
        }
        long bound = number(term, column, value);
        Predicate<Integer> test = test(sign);
        return column.isAge()
                ? (node, now) -> test.test(Long.compare(now - node.value(column), bound))
                : (node, now) -> test.test(Long.compare(node.value(column), bound));
    }

    private static Predicate<Integer> test(String sign) {
        return switch (sign) {
            case ">" -> order -> order > 0;
            case ">=" -> order -> order >= 0;
            case "<" -> order -> order < 0;
            case "<=" -> order -> order <= 0;
            case "=" -> order -> order == 0;
            default -> order -> order != 0;
        };
    }

    private static long number(String term, Column column, String text) {
        try {
            if (!column.isAge()) {
                return column.quantity().parseRounded(text);
            }
            boolean hasUnit = !Character.isDigit(text.charAt(text.length() - 1));
            return TimeUnit.NANOSECONDS.toSeconds(column.quantity().parseRounded(hasUnit ? text : text + "s"));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(term + ": " + e.getMessage(), e);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.scrape;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parses Prometheus' text format (0.0.4) and OpenMetrics, one line at a time. Comments, HELP, TYPE and UNIT, timestamps and
 * exemplars are ignored.
 */
final class MetricsText {

    /** One sample. */
    record Sample(String name, Labels labels, double value) {}

    private static final char EXEMPLAR = '#';

    /** The beginning of a line with a name. */
    private static final Pattern NAME =
            Pattern.compile("\\s*(?:\\{\\s*\")?([a-zA-Z_:][a-zA-Z0-9_:]*).*", Pattern.DOTALL);

    private final String line;
    private String name = "";
    private int at;

    private MetricsText(String line) {
        this.line = line;
    }

    /** Returns the sample on a line; null if the line is no sample: empty, a comment, or malformed. */
    static @Nullable Sample parse(String line) {
        try {
            return new MetricsText(line).sample();
        } catch (NumberFormatException | MalformedLine e) {
            return null;
        }
    }

    /** Returns the name at the beginning of a malformed line; null if there is none. */
    static @Nullable String nameOfMalformed(String line) {
        Matcher name = NAME.matcher(line);
        return name.matches() ? name.group(1) : null;
    }

    /** Returns whether a line is blank or a comment. */
    static boolean isSilent(String line) {
        String text = line.strip();
        return text.isEmpty() || text.charAt(0) == '#';
    }

    private Sample sample() throws MalformedLine {
        skipBlanks();
        if (peek() != '{') {
            name = name(true);
        }
        skipBlanks();
        Labels labels = peek() == '{' ? labels() : Labels.NONE;
        skipBlanks();
        double value = number(word());
        skipBlanks();
        if (at < line.length() && peek() != EXEMPLAR) {
            // seconds or milliseconds, as integer or float
            require(Double.isFinite(number(word())));
            skipBlanks();
        }
        require(at == line.length() || peek() == EXEMPLAR);
        require(!name.isEmpty());
        return new Sample(name, labels, value);
    }

    /** Parses labels; with a quoted name of the sample, {@code {"a.b",x="1"}}, also that. */
    private Labels labels() throws MalformedLine {
        Map<String, String> labels = new HashMap<>();
        at++;
        skipBlanks();
        while (peek() != '}') {
            boolean isQuoted = peek() == '"';
            String label = isQuoted ? quoted() : name(false);
            skipBlanks();
            if (peek() == '=') {
                at++;
                skipBlanks();
                require(labels.put(label, quoted()) == null);
            } else {
                require(isQuoted && name.isEmpty());
                name = label;
            }
            skipBlanks();
            if (peek() == ',') {
                at++;
                skipBlanks();
            } else {
                require(peek() == '}');
            }
        }
        at++;
        return Labels.of(labels);
    }

    private String quoted() throws MalformedLine {
        require(next() == '"');
        int start = at;
        int end = line.indexOf('"', at);
        if (end >= 0 && line.lastIndexOf('\\', end) < start) {
            at = end + 1;
            return line.substring(start, end);
        }
        StringBuilder text = new StringBuilder();
        for (char c = next(); c != '"'; c = next()) {
            text.append(c == '\\' ? unescaped(next()) : c);
        }
        return text.toString();
    }

    private static char unescaped(char c) throws MalformedLine {
        return switch (c) {
            case 'n' -> '\n';
            case '\\', '"' -> c;
            default -> throw new MalformedLine();
        };
    }

    private String name(boolean colons) throws MalformedLine {
        int start = at;
        while (isNamePart(peek(), colons, at > start)) {
            at++;
        }
        require(at > start);
        return line.substring(start, at);
    }

    private static boolean isNamePart(char c, boolean colons, boolean digits) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || c == '_'
                || (colons && c == ':')
                || (digits && c >= '0' && c <= '9');
    }

    private String word() throws MalformedLine {
        int start = at;
        while (at < line.length() && !isBlank(line.charAt(at))) {
            at++;
        }
        require(at > start);
        return line.substring(start, at);
    }

    /** As Go writes numbers; Java's own {@code 1d}, {@code 0x1p3} and the like are not among them. */
    private static double number(String word) throws MalformedLine {
        return switch (word) {
            case "NaN" -> Double.NaN;
            case "+Inf", "Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> {
                char last = word.charAt(word.length() - 1);
                require(last == '.' || (last >= '0' && last <= '9'));
                require(word.indexOf('x') < 0 && word.indexOf('X') < 0);
                yield Double.parseDouble(word);
            }
        };
    }

    private void skipBlanks() {
        while (at < line.length() && isBlank(line.charAt(at))) {
            at++;
        }
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\r';
    }

    /** Returns the next character, a NUL at the end: no part of a name, a label or a quote. */
    private char peek() {
        return at < line.length() ? line.charAt(at) : '\0';
    }

    private char next() throws MalformedLine {
        require(at < line.length());
        return line.charAt(at++);
    }

    private static void require(boolean holds) throws MalformedLine {
        if (!holds) {
            throw new MalformedLine();
        }
    }

    @SuppressWarnings("serial")
    private static final class MalformedLine extends Exception {

        MalformedLine() {
            super(null, null, false, false);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.rule;

import io.tacho.text.Glob;
import io.tacho.text.Nearest;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The remaining tokens of a line, read from left to right. A comparison operator is a token even without spaces around it. */
final class Tokenizer {

    private static final Pattern TOKEN = Pattern.compile("[<>]=?|[^\\s<>]+");
    private static final int MAX_TYPOS = 2;
    private static final String NODE = "node=";

    private final Deque<String> tokens;

    private Tokenizer(Deque<String> tokens) {
        this.tokens = tokens;
    }

    /** Splits a line into tokens. */
    static Tokenizer tokenize(String line) {
        Deque<String> tokens = new ArrayDeque<>();
        TOKEN.matcher(line).results().forEach(match -> tokens.add(match.group()));
        return new Tokenizer(tokens);
    }

    /**
     * Removes and returns the next token.
     *
     * @param description of the expected token, for the error message
     * @throws IllegalArgumentException at the end of the line
     */
    String next(String description) {
        String token = tokens.poll();
        if (token == null) {
            throw new IllegalArgumentException("end of line (expected: " + description + ")");
        }
        return token;
    }

    /** {@return the next token without removing it; null at the end of the line} */
    @Nullable
    String peek() {
        return tokens.peek();
    }

    /** Returns text for an error message: the valid token most similar to a misspelled one, or all valid ones if none is similar. */
    static String suggestionFor(String misspelled, Collection<String> valid) {
        int maxTypos = Math.min(MAX_TYPOS + misspelled.length() / 6, misspelled.length() / 2);
        String nearest = Nearest.to(misspelled, valid, maxTypos);
        return nearest == null ? "one of " + String.join(", ", valid) : "perhaps " + nearest;
    }

    /** Removes the next token if it equals the given one; returns true if it was removed. */
    boolean skipIfNext(String token) {
        if (token.equals(tokens.peek())) {
            tokens.remove();
            return true;
        }
        return false;
    }

    /** Removes and returns the last token of the line if it starts with a prefix; otherwise returns null. */
    @Nullable
    String removeLastIfStartsWith(String prefix) {
        String last = tokens.peekLast();
        return last != null && last.startsWith(prefix) ? tokens.pollLast() : null;
    }

    /** Removes the next token if it is {@code node=GLOB}, and returns the glob; otherwise returns {@link Glob#ANY}. */
    Glob nextNodeFilterOrAny() {
        String token = tokens.peek();
        if (token == null || !token.startsWith(NODE)) {
            return Glob.ANY;
        }
        tokens.remove();
        if (token.length() == NODE.length()) {
            throw new IllegalArgumentException("'" + token + "' (expected: node= and a name; * matches any text)");
        }
        return new Glob(token.substring(NODE.length()));
    }

    /**
     * Verifies that no token remains.
     *
     * @throws IllegalArgumentException if there is one
     */
    void expectEnd(String expected) {
        @Nullable String token = tokens.peek();
        if (token != null) {
            throw new IllegalArgumentException("'" + token + "' (expected: " + expected + ")");
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.rule;

import io.tacho.text.Glob;
import io.tacho.text.Nearest;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Splits a line into tokens and returns them from left to right. A comparison operator is a token even without spaces around it. */
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
     * @throws IllegalArgumentException at the end of the line
     */
    String next(String expected) {
        String token = tokens.poll();
        if (token == null) {
            throw new IllegalArgumentException("end of line (expected: " + expected + ")");
        }
        return token;
    }

    /** Returns the valid token that is most similar to a misspelled one, or all valid tokens if none is similar. */
    static String suggestion(String misspelled, Collection<String> valid) {
        int maxTypos = Math.min(MAX_TYPOS + misspelled.length() / 6, misspelled.length() / 2);
        String nearest = Nearest.to(misspelled, valid, maxTypos);
        return nearest == null ? "one of " + String.join(", ", valid) : "perhaps " + nearest;
    }

    /** Removes the next token if it equals the given one, and returns true if it did. */
    boolean skipIf(String token) {
        if (token.equals(tokens.peek())) {
            tokens.remove();
            return true;
        }
        return false;
    }

    /** Removes {@code node=GLOB} if it is the next token, and returns the glob; otherwise returns {@link Glob#ANY}. */
    Glob nextNodeFilter() {
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

    /** @throws IllegalArgumentException if tokens are left */
    void expectEnd(String expected) {
        @Nullable String token = tokens.peek();
        if (token != null) {
            throw new IllegalArgumentException("'" + token + "' (expected: " + expected + ")");
        }
    }
}

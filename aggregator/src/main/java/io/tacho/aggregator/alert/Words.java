// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

import io.tacho.aggregator.api.Glob;
import io.tacho.text.Nearest;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The words of a line, from left to right; signs are words whether or not there is space around them. */
final class Words {

    private static final Pattern WORD = Pattern.compile("[<>]=?|[^\\s<>]+");
    private static final int SLIPS = 2;
    private static final String NODE = "node=";

    private final Deque<String> words;

    private Words(Deque<String> words) {
        this.words = words;
    }

    static Words of(String line) {
        Deque<String> words = new ArrayDeque<>();
        WORD.matcher(line).results().forEach(found -> words.add(found.group()));
        return new Words(words);
    }

    /** @throws IllegalArgumentException if there is none */
    String next(String expected) {
        String word = words.poll();
        if (word == null) {
            throw new IllegalArgumentException("the line ends (expected: " + expected + ")");
        }
        return word;
    }

    /** What a misspelt word was meant to be, or could have been. */
    static String meant(String misspelt, Collection<String> words) {
        String nearest = Nearest.to(misspelt, words, Math.min(SLIPS + misspelt.length() / 6, misspelt.length() / 2));
        return nearest == null ? "one of " + String.join(", ", words) : "perhaps " + nearest;
    }

    /** Whether the next word is that one; then it is taken. */
    boolean take(String word) {
        if (word.equals(words.peek())) {
            words.remove();
            return true;
        }
        return false;
    }

    /** The nodes of {@code node=GLOB}, where that comes next; else all. */
    Glob nodes() {
        String word = words.peek();
        if (word == null || !word.startsWith(NODE)) {
            return Glob.ANY;
        }
        words.remove();
        if (word.length() == NODE.length()) {
            throw new IllegalArgumentException("'" + word + "' (expected: node= and a name; * is any text)");
        }
        return new Glob(word.substring(NODE.length()));
    }

    /** @throws IllegalArgumentException if there is more, telling what could have been there */
    void end(String expected) {
        @Nullable String word = words.peek();
        if (word != null) {
            throw new IllegalArgumentException("'" + word + "' (expected: " + expected + ")");
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import io.tacho.sketch.Encoded;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks the bounds of every value of a message; a violation names the field, the value found and the value expected. */
final class Checks {
    /** Largest integer that every JSON reader keeps exact (2^53 - 1). */
    static final long MAX_VALUE = 9_007_199_254_740_991L;

    static final int MAX_UID_LENGTH = 128;
    static final int MAX_TEXT_LENGTH = 255;

    private Checks() {}

    static void count(String field, long value) {
        between(field, value, 0, MAX_VALUE);
    }

    static void count(Field field, long value) {
        if (value < 0 || value > MAX_VALUE) {
            count(field.wireName(), value);
        }
    }

    static void between(String field, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(field + ": " + value + " (expected: " + min + " to " + max + ")");
        }
    }

    static void uid(@Nullable String uid) {
        id("uid", uid, MAX_UID_LENGTH);
    }

    static void id(String field, @Nullable String id, int maxLength) {
        if (id == null || id.isEmpty() || id.length() > maxLength) {
            throw new IllegalArgumentException(
                    field + ": " + describeLength(id) + " (expected: 1 to " + maxLength + ")");
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            if (c <= ' ' || c > '~') {
                throw new IllegalArgumentException(
                        "%s: character U+%04X at index %d (expected: printable ASCII without spaces)"
                                .formatted(field, (int) c, i));
            }
        }
    }

    static void text(String field, @Nullable String text) {
        text(field, text, MAX_TEXT_LENGTH);
    }

    static void text(String field, @Nullable String text, int maxLength) {
        if (text == null || text.isEmpty() || text.length() > maxLength) {
            throw new IllegalArgumentException(
                    field + ": " + describeLength(text) + " (expected: 1 to " + maxLength + ")");
        }
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                throw new IllegalArgumentException(
                        "%s: control character U+%04X at index %d (expected: printable characters)"
                                .formatted(field, (int) text.charAt(i), i));
            }
            if (Character.isSurrogatePair(text.charAt(i), i + 1 < text.length() ? text.charAt(i + 1) : ' ')) {
                i++;
            } else if (Character.isSurrogate(text.charAt(i))) {
                throw new IllegalArgumentException(
                        "%s: half a surrogate pair at index %d (expected: Unicode characters)".formatted(field, i));
            }
        }
    }

    /** Checks a name from outside; a long one is truncated in the message. */
    static void matches(String field, String name, Pattern expected) {
        if (!expected.matcher(name).matches()) {
            String shown = name.length() > 80 ? name.substring(0, 80) + "…" : name;
            throw new IllegalArgumentException(field + ": name '" + shown + "' (expected: " + expected + ")");
        }
    }

    static void size(String field, @Nullable Encoded<?> value) {
        between(field + ": size", Encoded.size(value), 0, WindowDetail.MAX_BYTES);
    }

    private static String describeLength(@Nullable String value) {
        return value == null ? "missing" : value.length() + " characters";
    }
}

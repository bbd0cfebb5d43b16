// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import io.tacho.sketch.Encoded;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks the bounds of every value of a message; a violation names the field, the value found and the value expected. */
final class Checks {
    /** Largest integer that every JSON reader keeps exact (2^53 - 1). */
    static final long MAX_VALUE = 9_007_199_254_740_991L;

    static final int MAX_UID_LENGTH = 128;
    static final int MAX_TEXT_LENGTH = 255;

    static final int MAX_ADDRESS_LENGTH = 256;
    private static final int MAX_PORT = 65_535;

    /** The groups are the scheme, the port and the path. */
    private static final Pattern ADDRESS = Pattern.compile("(?:([a-z][a-z0-9+.-]{0,15})://)?"
            + "(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\])(?::([0-9]{1,5}))?(/[A-Za-z0-9._~!$&'()*+,;=:%/-]*)?");

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

    /** Checks that a text is {@code host:port}, or a URL without user, query and fragment, which might contain secrets. */
    static void address(String address) {
        between("address: length", address.length(), 1, MAX_ADDRESS_LENGTH);
        Matcher parts = ADDRESS.matcher(address);
        boolean valid = parts.matches()
                && (parts.group(1) != null || (parts.group(2) != null && parts.group(3) == null))
                && (parts.group(2) == null || isPort(Integer.parseInt(parts.group(2))));
        if (!valid) {
            boolean secret = address.indexOf('@') >= 0 || address.indexOf('?') >= 0 || address.indexOf('#') >= 0;
            throw new IllegalArgumentException(
                    "address: " + (secret ? "has a user, query or fragment" : quoted(address))
                            + " (expected: host:port, or a URL without user, query and fragment)");
        }
    }

    private static boolean isPort(int port) {
        return port >= 1 && port <= MAX_PORT;
    }

    private static String quoted(String text) {
        return "'" + (text.length() > 80 ? text.substring(0, 80) + "…" : text) + "'";
    }

    /**
     * Checks a name from outside; a long one is truncated in the message.
     *
     * @param expected the form in words
     */
    static void matches(String field, String name, Pattern form, String expected) {
        if (!form.matcher(name).matches()) {
            throw new IllegalArgumentException(field + ": name " + quoted(name) + " (expected: " + expected + ")");
        }
    }

    static void size(String field, @Nullable Encoded<?> value) {
        between(field + ": size", Encoded.size(value), 0, WindowDetail.MAX_BYTES);
    }

    private static String describeLength(@Nullable String value) {
        return value == null ? "missing" : value.length() + " characters";
    }
}

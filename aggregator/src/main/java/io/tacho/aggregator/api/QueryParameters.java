// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import io.tacho.text.PercentEncoding;
import io.tacho.units.Durations;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The decoded parameters of a query in their order. All methods throw an {@link IllegalArgumentException} with the name of the
 * invalid parameter, the found and the expected value.
 */
public record QueryParameters(Map<String, List<String>> values) {

    private static final int MAX_PARAMETERS = 64;
    private static final int MAX_SHOWN = 40;

    /** What an error states as expected. */
    public static final String INSTANT = "UNIX seconds, ISO-8601 as 2026-01-31T12:00:00Z, or back from now as -1h";
    /** What an error states as expected. */
    public static final String LENGTH = "seconds, or a number with one of s, m, h, d";

    private static final Pattern LENGTH_TEXT = Pattern.compile("[0-9]{1,9}[smhd]?");
    private static final Pattern SECONDS_TEXT = Pattern.compile("[0-9]{1,12}");

    /** Parses the part of a URL after the question mark. */
    public static QueryParameters parse(String raw) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        int count = 0;
        for (String pair : raw.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            if (++count > MAX_PARAMETERS) {
                throw new IllegalArgumentException("too many parameters (expected: at most " + MAX_PARAMETERS + ")");
            }
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
            values.computeIfAbsent(name, none -> new ArrayList<>(1)).add(value);
        }
        return new QueryParameters(values);
    }

    private static String decode(String encoded) {
        String decoded = PercentEncoding.decode(encoded, true);
        if (decoded == null) {
            throw new IllegalArgumentException("malformed query (expected: escapes of two hex digits, UTF-8)");
        }
        return decoded;
    }

    /** Rejects parameters other than these. */
    public void requireKnown(Set<String> known) {
        for (String name : values.keySet()) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException("unknown parameter '" + shown(name) + "' (expected: "
                        + String.join(", ", known.stream().sorted().toList()) + ")");
            }
        }
    }

    /** Returns all values of that name. */
    public List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /** Returns the only value of that name; null if there is none. */
    public @Nullable String single(String name) {
        List<String> given = all(name);
        if (given.size() > 1) {
            throw new IllegalArgumentException(name + ": given " + given.size() + " times (expected: once)");
        }
        return given.isEmpty() ? null : given.get(0);
    }

    /** Returns the only value of that name, a whole number; another one if there is none. */
    public int count(String name, int otherwise) {
        String given = single(name);
        if (given == null) {
            return otherwise;
        }
        if (given.length() > 9 || given.isEmpty() || !given.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException(name + ": '" + shown(given) + "' (expected: a whole number, 0 or more)");
        }
        return Integer.parseInt(given);
    }

    /**
     * Parses a point in time to UNIX seconds.
     *
     * @throws IllegalArgumentException naming the parameter, what was found and what was expected
     */
    public static long instant(String parameter, String text, long nowSeconds) {
        if (text.equals("now")) {
            return nowSeconds;
        }
        if (SECONDS_TEXT.matcher(text).matches()) {
            return Long.parseLong(text);
        }
        if (text.startsWith("-")) {
            OptionalLong back = lengthOf(text.substring(1));
            if (back.isPresent()) {
                return Math.max(0, nowSeconds - back.getAsLong());
            }
        }
        try {
            return OffsetDateTime.parse(text).toEpochSecond();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(parameter + ": '" + shown(text) + "' (expected: " + INSTANT + ")", e);
        }
    }

    /**
     * Returns a length of time, at least a second, in seconds.
     *
     * @throws IllegalArgumentException naming the parameter, what was found and what was expected
     */
    public static long length(String parameter, String text) {
        OptionalLong length = lengthOf(text);
        if (length.isEmpty() || length.getAsLong() == 0) {
            throw new IllegalArgumentException(
                    parameter + ": '" + shown(text) + "' (expected: " + LENGTH + ", at least 1s)");
        }
        return length.getAsLong();
    }

    private static OptionalLong lengthOf(String text) {
        if (!LENGTH_TEXT.matcher(text).matches()) {
            return OptionalLong.empty();
        }
        boolean hasUnit = !Character.isDigit(text.charAt(text.length() - 1));
        return OptionalLong.of(Durations.parse(hasUnit ? text : text + "s").toSeconds());
    }

    /** Returns a value as errors show it. */
    public static String shown(String value) {
        return value.length() <= MAX_SHOWN ? value : value.substring(0, MAX_SHOWN) + "…";
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import io.tacho.units.Durations;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Points in time and durations, as users write them in a URL. */
final class TimeText {

    static final String INSTANT = "UNIX seconds, ISO-8601 as 2026-01-31T12:00:00Z, or back from now as -1h";
    static final String LENGTH = "seconds, or a number with one of s, m, h, d";

    private static final Pattern LENGTH_TEXT = Pattern.compile("[0-9]{1,9}[smhd]?");
    private static final Pattern SECONDS_TEXT = Pattern.compile("[0-9]{1,12}");

    private TimeText() {}

    /**
     * Parses a point in time to UNIX seconds.
     *
     * @throws IllegalArgumentException naming the parameter, what was found and what was expected
     */
    static long instant(String parameter, String text, long nowSeconds) {
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
            throw new IllegalArgumentException(
                    parameter + ": '" + QueryParameters.shown(text) + "' (expected: " + INSTANT + ")", e);
        }
    }

    /**
     * Returns a length of time, at least a second, in seconds.
     *
     * @throws IllegalArgumentException naming the parameter, what was found and what was expected
     */
    static long length(String parameter, String text) {
        OptionalLong length = lengthOf(text);
        if (length.isEmpty() || length.getAsLong() == 0) {
            throw new IllegalArgumentException(
                    parameter + ": '" + QueryParameters.shown(text) + "' (expected: " + LENGTH + ", at least 1s)");
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
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api.history;

import io.tacho.aggregator.api.QueryParameters;
import io.tacho.aggregator.history.HistorySpan;
import io.tacho.aggregator.period.PeriodUnit;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A time span in units of the calendar.
 *
 * @param unit hours, days, weeks or months
 * @param fromSeconds the start, UNIX seconds; the first unit contains it
 * @param toSeconds the end, UNIX seconds
 */
record UnitSpan(PeriodUnit unit, long fromSeconds, long toSeconds) {

    /** Ten years of days, and some. */
    static final int MAX_UNITS = 4_000;

    private static final long DAY = 86_400;

    /** Every unit that contains it, in every time zone, begins after 1970 did. */
    static final long EARLIEST = 40 * DAY;

    /**
     * Reads {@code from} and {@code to} of a query.
     *
     * @throws IllegalArgumentException naming the invalid parameter, the found and the expected value
     */
    static UnitSpan of(QueryParameters query, PeriodUnit unit, long nowSeconds) {
        String until = query.single("to");
        String since = query.single("from");
        long to = until == null ? nowSeconds : QueryParameters.instant("to", until, nowSeconds);
        long from = since == null
                ? Math.max(0, to - usualSeconds(unit))
                : QueryParameters.instant("from", since, nowSeconds);
        HistorySpan span = new HistorySpan(from, to, 0);
        long units = (span.toSeconds() - span.fromSeconds()) / seconds(unit);
        if (units > MAX_UNITS) {
            throw new IllegalArgumentException(
                    "from: " + units + " " + unit.label() + "s before to (expected: at most " + MAX_UNITS + ")");
        }
        return new UnitSpan(unit, Math.max(EARLIEST, from), Math.max(EARLIEST + 1, to));
    }

    private static long usualSeconds(PeriodUnit unit) {
        return switch (unit) {
            case HOUR -> 2 * DAY;
            case DAY -> 30 * DAY;
            case WEEK -> 12 * 7 * DAY;
            case MONTH -> 365 * DAY;
        };
    }

    private static long seconds(PeriodUnit unit) {
        return switch (unit) {
            case HOUR -> 3_600;
            case DAY -> DAY;
            case WEEK -> 7 * DAY;
            case MONTH -> 28 * DAY;
        };
    }

    /**
     * Returns the unit with that name.
     *
     * @param expected the names that are allowed
     * @throws IllegalArgumentException naming the found and the expected value
     */
    static PeriodUnit unit(String given, List<PeriodUnit> expected, @Nullable String also) {
        PeriodUnit unit = PeriodUnit.of(given);
        if (unit == null || !expected.contains(unit)) {
            throw new IllegalArgumentException("unit: '" + QueryParameters.shown(given) + "' (expected: "
                    + (also == null ? "" : also + ", ")
                    + expected.stream().map(PeriodUnit::label).collect(Collectors.joining(", ")) + ")");
        }
        return unit;
    }

    /** {@return all units} */
    static List<PeriodUnit> all() {
        return Arrays.asList(PeriodUnit.values());
    }
}

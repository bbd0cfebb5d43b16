// SPDX-License-Identifier: Apache-2.0
package io.tacho.units;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The physical quantity of a number, with the units in which it is parsed and printed. */
public enum Quantity {
    /** Nanoseconds. */
    DURATION(
            "a duration, e.g. 500ms; ns, us, ms, s, m, h or d",
            Unit.shown("ns", 1),
            Unit.shown("us", 1_000),
            Unit.parsed("µs", 1_000),
            Unit.shown("ms", 1_000_000),
            Unit.shown("s", 1_000_000_000),
            Unit.parsed("m", 60_000_000_000L),
            Unit.parsed("h", 3_600_000_000_000L),
            Unit.parsed("d", 86_400_000_000_000L)),
    /** Bytes. */
    BYTES(
            "bytes, e.g. 512MiB; kB, MB, GB, TB or KiB, MiB, GiB, TiB",
            Unit.parsed("", 1),
            Unit.shown("B", 1),
            Unit.parsed("k", 1_000),
            Unit.parsed("kB", 1_000),
            Unit.shown("KiB", 1L << 10),
            Unit.parsed("M", 1_000_000),
            Unit.parsed("MB", 1_000_000),
            Unit.shown("MiB", 1L << 20),
            Unit.parsed("G", 1_000_000_000),
            Unit.parsed("GB", 1_000_000_000),
            Unit.shown("GiB", 1L << 30),
            Unit.parsed("TB", 1_000_000_000_000L),
            Unit.shown("TiB", 1L << 40),
            Unit.shown("PiB", 1L << 50)),
    /** Percent; 100 is one busy core. */
    PERCENT("percent, 100 is one core busy, e.g. 80%", Unit.parsed("", 1), Unit.shown("%", 1)),
    /** Any other number. */
    COUNT(
            "a whole number, e.g. 10000 or 10k; k, M or G",
            Unit.shown("", 1),
            Unit.shown("k", 1_000),
            Unit.shown("M", 1_000_000),
            Unit.shown("G", 1_000_000_000),
            Unit.shown("T", 1_000_000_000_000L),
            Unit.shown("P", 1_000_000_000_000_000L));

    private record Unit(String name, long factor, boolean isShown) {

        static Unit shown(String name, long factor) {
            return new Unit(name, factor, true);
        }

        static Unit parsed(String name, long factor) {
            return new Unit(name, factor, false);
        }
    }

    private static final Pattern FORM = Pattern.compile("(-?\\d{1,16}(?:\\.\\d{1,9})?)([a-zA-Zµ%]*)");
    private static final BigDecimal MAX = BigDecimal.valueOf((1L << 53) - 1);
    private static final double MINUTE_NANOS = 60e9;
    private static final long UNABBREVIATED = 10_000;

    private final String expected;
    // unmodifiable
    @SuppressWarnings("ImmutableEnumChecker")
    private final List<Unit> units;

    @SuppressWarnings("ImmutableEnumChecker")
    private final List<Unit> shown;

    Quantity(String expected, Unit... units) {
        this.expected = expected;
        this.units = List.of(units);
        shown = Arrays.stream(units).filter(Unit::isShown).toList();
    }

    /**
     * Parses an exact value from 0 to 2^53 - 1: {@code 500ms}, {@code 1.5GiB}, {@code 80%}, {@code 10k}. The case of a
     * duration's unit matters; only durations need a unit.
     *
     * @throws IllegalArgumentException with what was found and what was expected
     */
    public long parse(String text) {
        BigDecimal value = wholeNumber(text);
        if (value.compareTo(MAX) > 0) {
            throw unexpected(text);
        }
        return value.longValueExact();
    }

    /** Parses a whole number, at least 0. */
    BigDecimal wholeNumber(String text) {
        BigDecimal value = number(text, this != DURATION);
        if (value == null || value.signum() < 0 || value.stripTrailingZeros().scale() > 0) {
            throw unexpected(text);
        }
        return value;
    }

    /**
     * Parses what a person types to search: as {@link #parse}, but rounded, with or without a unit, in any case, and possibly
     * negative.
     *
     * @throws IllegalArgumentException with what was found and what was expected
     */
    public long parseRounded(String text) {
        BigDecimal value = number(text, true);
        if (value == null) {
            value = this == DURATION ? number(text + "ns", true) : null;
        }
        if (value == null) {
            throw unexpected(text);
        }
        return value.setScale(0, RoundingMode.HALF_UP)
                .max(MAX.negate())
                .min(MAX)
                .longValue();
    }

    private @Nullable BigDecimal number(String text, boolean ignoreCase) {
        Matcher form = FORM.matcher(text);
        if (form.matches()) {
            for (Unit unit : units) {
                String name = form.group(2);
                if (ignoreCase
                        ? unit.name().equalsIgnoreCase(name)
                        : unit.name().equals(name)) {
                    return new BigDecimal(form.group(1)).multiply(BigDecimal.valueOf(unit.factor()));
                }
            }
        }
        return null;
    }

    private IllegalArgumentException unexpected(String text) {
        return new IllegalArgumentException("'" + text + "' (expected: " + expected + ")");
    }

    /** {@return the value to three significant digits, without trailing zeros: {@code 1.5ms}; counts are exact} */
    public String format(long value) {
        return this == COUNT ? Long.toString(value) : print((double) value, true);
    }

    /**
     * Returns the value in a few characters, for tables: three significant digits, of which none is dropped, so that columns
     * stay aligned: {@code 1.50ms}, {@code 12.3k}. Whole counts below 10,000 are exact.
     */
    public String compact(double value) {
        return print(value, false);
    }

    private String print(double value, boolean dropZeros) {
        if (this == DURATION && value == 0) {
            return "0";
        }
        if (this == DURATION && value >= MINUTE_NANOS) {
            return Durations.compact((long) (value / 1e9));
        }
        if (this == PERCENT || (this == COUNT && value < UNABBREVIATED && value == Math.rint(value))) {
            return Math.round(value) + shown.get(0).name();
        }
        if (this == BYTES && value < 1_000) {
            return Math.round(value) + "B";
        }
        int unit = 0;
        // a value that would be rounded up to a whole next unit is printed in that unit
        while (unit < shown.size() - 1 && value / shown.get(unit).factor() >= step(unit) - 0.5) {
            unit++;
        }
        String digits = digits(value / shown.get(unit).factor());
        if (dropZeros && digits.contains(".")) {
            digits = new BigDecimal(digits).stripTrailingZeros().toPlainString();
        }
        return digits + shown.get(unit).name();
    }

    private double step(int unit) {
        return (double) shown.get(unit + 1).factor() / shown.get(unit).factor();
    }

    /** {@return three significant digits, or all digits of a larger integer} */
    public static String digits(double value) {
        if (value >= 99.95 || value == 0) {
            return Long.toString(Math.round(value));
        }
        return String.format(Locale.ROOT, value >= 9.995 ? "%.1f" : "%.2f", value);
    }
}

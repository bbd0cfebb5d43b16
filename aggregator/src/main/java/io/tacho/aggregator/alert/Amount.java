// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a number counts, and so how people write it. */
enum Amount {
    NANOS(
            "a duration, e.g. 500ms; ns, us, ms, s, m or h",
            new Unit("ns", 1),
            new Unit("us", 1_000),
            new Unit("ms", 1_000_000),
            new Unit("s", 1_000_000_000),
            new Unit("m", 60_000_000_000L),
            new Unit("h", 3_600_000_000_000L)),
    BYTES(
            "bytes, e.g. 512MiB; kB, MB, GB, TB or KiB, MiB, GiB, TiB",
            new Unit("", 1),
            new Unit("B", 1),
            new Unit("kB", 1_000),
            new Unit("KiB", 1L << 10),
            new Unit("MB", 1_000_000),
            new Unit("MiB", 1L << 20),
            new Unit("GB", 1_000_000_000),
            new Unit("GiB", 1L << 30),
            new Unit("TB", 1_000_000_000_000L),
            new Unit("TiB", 1L << 40)),
    PERCENT("percent, 100 is one core busy, e.g. 80%", new Unit("", 1), new Unit("%", 1)),
    COUNT(
            "a whole number, e.g. 10000 or 10k; k, M or G",
            new Unit("", 1),
            new Unit("k", 1_000),
            new Unit("M", 1_000_000),
            new Unit("G", 1_000_000_000));

    private record Unit(String name, long factor) {}

    private static final Pattern FORM = Pattern.compile("(\\d{1,16}(?:\\.\\d{1,9})?)([a-zA-Z%]*)");
    private static final BigDecimal LARGEST = BigDecimal.valueOf((1L << 53) - 1);
    private static final int DIGITS = 3;

    private final String expected;
    // an unmodifiable one
    @SuppressWarnings("ImmutableEnumChecker")
    private final List<Unit> units;

    Amount(String expected, Unit... units) {
        this.expected = expected;
        this.units = List.of(units);
    }

    /** What a field counts. */
    static Amount of(String field) {
        if (field.startsWith("time_")) {
            return NANOS;
        }
        if (field.startsWith("bytes_") || field.equals("memory_sys")) {
            return BYTES;
        }
        return field.equals("cpu_usage") ? PERCENT : COUNT;
    }

    /** @throws IllegalArgumentException saying what was found and what was expected */
    long parse(String text) {
        Matcher form = FORM.matcher(text);
        if (form.matches()) {
            BigDecimal number = new BigDecimal(form.group(1));
            for (Unit unit : units) {
                BigDecimal value = number.multiply(BigDecimal.valueOf(unit.factor()));
                // milli and mega differ by their case alone: for durations it counts
                boolean isMeant = this == NANOS
                        ? unit.name().equals(form.group(2))
                        : unit.name().equalsIgnoreCase(form.group(2));
                boolean isWhole = value.stripTrailingZeros().scale() <= 0;
                if (isMeant && isWhole && value.compareTo(LARGEST) <= 0) {
                    return value.longValueExact();
                }
            }
        }
        throw new IllegalArgumentException("'" + text + "' (expected: " + expected + ")");
    }

    /** As people read it, to three digits; counts are exact. */
    String write(long value) {
        if (this == COUNT) {
            return Long.toString(value);
        }
        if (this == PERCENT) {
            return value + "%";
        }
        Unit suits = units.get(0);
        for (Unit unit : units) {
            boolean isShown = this == NANOS || unit.factor() == 1 || unit.name().endsWith("iB");
            if (isShown && value >= unit.factor()) {
                suits = unit;
            }
        }
        BigDecimal scaled =
                BigDecimal.valueOf(value).divide(BigDecimal.valueOf(suits.factor()), 9, RoundingMode.HALF_UP);
        int whole = Math.max(1, scaled.precision() - scaled.scale());
        return scaled.setScale(Math.max(0, DIGITS - whole), RoundingMode.HALF_UP)
                        .stripTrailingZeros()
                        .toPlainString()
                + suits.name();
    }
}

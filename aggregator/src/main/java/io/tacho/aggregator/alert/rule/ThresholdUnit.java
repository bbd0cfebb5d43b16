// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.rule;

import io.tacho.model.Field;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The unit of a value: parses thresholds and formats values. */
public enum ThresholdUnit {
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
    PERCENT("percent, 100 is one busy core, e.g. 80%", new Unit("", 1), new Unit("%", 1)),
    COUNT(
            "a whole number, e.g. 10000 or 10k; k, M or G",
            new Unit("", 1),
            new Unit("k", 1_000),
            new Unit("M", 1_000_000),
            new Unit("G", 1_000_000_000));

    private record Unit(String name, long factor) {}

    private static final Pattern FORMAT = Pattern.compile("(\\d{1,16}(?:\\.\\d{1,9})?)([a-zA-Z%]*)");
    private static final BigDecimal LARGEST = BigDecimal.valueOf((1L << 53) - 1);
    private static final int DIGITS = 3;

    private final String expected;
    // List.of is immutable
    @SuppressWarnings("ImmutableEnumChecker")
    private final List<Unit> units;

    ThresholdUnit(String expected, Unit... units) {
        this.expected = expected;
        this.units = List.of(units);
    }

    /** Returns the threshold unit of a unit of the field catalogue. */
    public static ThresholdUnit of(Field.Unit unit) {
        return switch (unit) {
            case NANOSECONDS -> NANOS;
            case BYTES -> BYTES;
            case PERCENT -> PERCENT;
            default -> COUNT;
        };
    }

    /** @throws IllegalArgumentException stating the found and the expected value */
    long parse(String text) {
        Matcher match = FORMAT.matcher(text);
        if (match.matches()) {
            BigDecimal number = new BigDecimal(match.group(1));
            for (Unit unit : units) {
                BigDecimal value = number.multiply(BigDecimal.valueOf(unit.factor()));
                // case matters for durations only
                boolean isSameUnit = this == NANOS
                        ? unit.name().equals(match.group(2))
                        : unit.name().equalsIgnoreCase(match.group(2));
                boolean isWhole = value.stripTrailingZeros().scale() <= 0;
                if (isSameUnit && isWhole && value.compareTo(LARGEST) <= 0) {
                    return value.longValueExact();
                }
            }
        }
        throw new IllegalArgumentException("'" + text + "' (expected: " + expected + ")");
    }

    /** Formats a value with three significant digits; counts are exact. */
    public String format(long value) {
        if (this == COUNT) {
            return Long.toString(value);
        }
        if (this == PERCENT) {
            return value + "%";
        }
        Unit best = units.get(0);
        for (Unit unit : units) {
            boolean isShown = this == NANOS || unit.factor() == 1 || unit.name().endsWith("iB");
            if (isShown && value >= unit.factor()) {
                best = unit;
            }
        }
        BigDecimal scaled =
                BigDecimal.valueOf(value).divide(BigDecimal.valueOf(best.factor()), 9, RoundingMode.HALF_UP);
        int whole = Math.max(1, scaled.precision() - scaled.scale());
        return scaled.setScale(Math.max(0, DIGITS - whole), RoundingMode.HALF_UP)
                        .stripTrailingZeros()
                        .toPlainString()
                + best.name();
    }
}

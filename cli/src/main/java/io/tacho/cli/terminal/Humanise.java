// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import java.util.Locale;

/** Numbers as people read them, in a few characters. */
final class Humanise {

    private static final String[] COUNTS = {"", "k", "M", "G", "T", "P"};
    private static final String[] BYTES = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    private static final String[] NANOS = {"ns", "us", "ms", "s"};
    private static final long MINUTE_NANOS = 60_000_000_000L;

    private Humanise() {}

    static String value(Column.Kind kind, long value, long nowSeconds) {
        return switch (kind) {
            case BYTES -> bytes((double) value);
            case NANOS -> nanos(value);
            case PERCENT -> value + "%";
            case AGE -> value > 0 ? seconds(nowSeconds - value) : "-";
            case COUNT, TEXT -> count((double) value);
        };
    }

    /** 9999 is written out; more is shortened: 12.3k. */
    static String count(double value) {
        if (value < 10_000 && value == Math.rint(value)) {
            return Long.toString((long) value);
        }
        return scaled(value, COUNTS, 1000);
    }

    /** Something a second. */
    static String rate(double value) {
        return value < 1000 ? digits(value) : count(value);
    }

    static String bytes(double value) {
        return value < 1000 ? Math.round(value) + "B" : scaled(value, BYTES, 1024);
    }

    static String nanos(long value) {
        if (value == 0) {
            return "0";
        }
        return value < MINUTE_NANOS ? scaled((double) value, NANOS, 1000) : seconds(value / 1_000_000_000L);
    }

    static String seconds(long value) {
        long total = Math.max(0, value);
        long minutes = total / 60;
        long hours = minutes / 60;
        if (minutes == 0) {
            return total + "s";
        }
        if (hours == 0) {
            return String.format(Locale.ROOT, "%dm%02ds", minutes, total % 60);
        }
        return hours < 24
                ? String.format(Locale.ROOT, "%dh%02dm", hours, minutes % 60)
                : String.format(Locale.ROOT, "%dd%02dh", hours / 24, hours % 24);
    }

    private static String scaled(double value, String[] units, int step) {
        double rest = value;
        int unit = 0;
        // what would be rounded up to a whole step is written in the next unit
        while (unit < units.length - 1 && rest >= step - 0.5) {
            rest /= step;
            unit++;
        }
        return digits(rest) + units[unit];
    }

    private static String digits(double value) {
        if (value >= 99.95 || value == 0) {
            return Long.toString(Math.round(value));
        }
        return String.format(Locale.ROOT, value >= 9.995 ? "%.1f" : "%.2f", value);
    }
}

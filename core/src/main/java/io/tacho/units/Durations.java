// SPDX-License-Identifier: Apache-2.0
package io.tacho.units;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Durations as text: exact, as settings have them, or in the two largest units, as displays show them. */
public final class Durations {

    private static final BigDecimal NANOS_PER_SECOND = BigDecimal.valueOf(1_000_000_000);
    private static final int MAX_DAYS = 999_999_999;
    private static final BigDecimal MAX_SECONDS = BigDecimal.valueOf(TimeUnit.DAYS.toSeconds(MAX_DAYS));

    private Durations() {}

    /**
     * Parses {@code 500ms}, {@code 5s}, {@code 1.5m}, {@code 2h}.
     *
     * @throws IllegalArgumentException with what was found and what was expected
     */
    public static Duration parse(String text) {
        BigDecimal nanos = Quantity.DURATION.wholeNumber(text);
        BigDecimal[] seconds = nanos.divideAndRemainder(NANOS_PER_SECOND);
        if (seconds[0].compareTo(MAX_SECONDS) > 0) {
            throw new IllegalArgumentException("'" + text + "' (expected: at most " + MAX_DAYS + "d)");
        }
        return Duration.ofSeconds(seconds[0].longValue(), seconds[1].longValue());
    }

    /** {@return the exact duration in the largest unit up to hours in which it is whole: {@code 24h}, {@code 1500ms}} */
    public static String format(Duration duration) {
        if (duration.isZero()) {
            return "0s";
        }
        if (duration.toNanosPart() == 0) {
            long seconds = duration.toSeconds();
            return seconds % 3_600 == 0
                    ? seconds / 3_600 + "h"
                    : seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
        }
        long nanos = duration.toNanos();
        return nanos % 1_000_000 == 0
                ? nanos / 1_000_000 + "ms"
                : nanos % 1_000 == 0 ? nanos / 1_000 + "us" : nanos + "ns";
    }

    /** {@return whole seconds in the two largest units: {@code 7s}, {@code 5m02s}, {@code 3h00m}, {@code 2d04h}} */
    public static String compact(long seconds) {
        long total = Math.max(0, seconds);
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
}

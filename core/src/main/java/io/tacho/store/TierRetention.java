// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import io.tacho.model.period.Period;
import java.time.Duration;

/**
 * The time that the periods of each tier are stored after their end.
 *
 * @param hours at least a day, so that days can be merged from them
 * @param days at least 32 days, so that months can be merged from them
 * @param months at least 32 days
 */
public record TierRetention(Duration hours, Duration days, Duration months) {

    private static final Duration LONGEST_DAY = Duration.ofHours(50);
    private static final Duration LONGEST_MONTH = Duration.ofDays(33);

    /** Hours for 90 days, days and months for ten years. */
    public static final TierRetention DEFAULT =
            new TierRetention(Duration.ofDays(90), Duration.ofDays(3_653), Duration.ofDays(3_653));

    /** @throws IllegalArgumentException naming the setting, what was found and what was expected */
    public TierRetention {
        atLeast("history-hours", hours, LONGEST_DAY);
        atLeast("history-days", days, LONGEST_MONTH);
        atLeast("history-months", months, LONGEST_MONTH);
    }

    private static void atLeast(String setting, Duration found, Duration least) {
        if (found.compareTo(least) < 0) {
            throw new IllegalArgumentException(
                    setting + ": " + found.toHours() + "h (expected: at least " + least.toHours() + "h)");
        }
    }

    /** {@return the time at which a period is deleted, UNIX milliseconds} */
    public long expiryMillis(Period period) {
        Duration life = switch (period.tier()) {
            case HOUR -> hours;
            case DAY -> days;
            case MONTH -> months;
            case WINDOW -> throw new IllegalArgumentException("tier: window (expected: hour, day or month)");
        };
        return 1_000 * period.endSeconds() + life.toMillis();
    }
}

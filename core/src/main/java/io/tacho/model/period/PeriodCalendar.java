// SPDX-License-Identifier: Apache-2.0
package io.tacho.model.period;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;

/**
 * The hours, days, weeks and months of a time zone. Days begin at midnight or, where the clocks skip it, at the first instant of the
 * day. The hours of a day begin whole hours after the day; the last one is shorter where the clocks are changed by half an hour.
 * Weeks begin on Monday.
 *
 * <p>Thread safety: immutable.
 */
public record PeriodCalendar(ZoneId zone) {

    private static final long HOUR = 3_600;

    /**
     * Returns the hour, day or month that contains an instant.
     *
     * @throws IllegalArgumentException if the tier is that of windows
     */
    public Period containing(Tier tier, long seconds) {
        LocalDate day = Instant.ofEpochSecond(seconds).atZone(zone).toLocalDate();
        return switch (tier) {
            case MONTH ->
                period(tier, day.withDayOfMonth(1), day.withDayOfMonth(1).plusMonths(1));
            case DAY -> period(tier, day, day.plusDays(1));
            case HOUR -> {
                long midnight = start(day);
                long start = seconds - (seconds - midnight) % HOUR;
                yield new Period(tier, start, Math.min(HOUR, start(day.plusDays(1)) - start));
            }
            case WINDOW -> throw new IllegalArgumentException("tier: window (expected: hour, day or month)");
        };
    }

    /** Returns the periods of a tier that overlap a time span, in order. */
    public List<Period> overlapping(Tier tier, long fromSeconds, long toSeconds) {
        List<Period> periods = new ArrayList<>();
        for (long at = fromSeconds; at < toSeconds; ) {
            Period period = containing(tier, at);
            periods.add(period);
            at = period.endSeconds();
        }
        return periods;
    }

    /** Returns the start of the week that contains an instant, UNIX seconds. */
    public long startOfWeek(long seconds) {
        return start(monday(seconds));
    }

    /** Returns the end of the week that contains an instant, UNIX seconds. */
    public long endOfWeek(long seconds) {
        return start(monday(seconds).plusWeeks(1));
    }

    private LocalDate monday(long seconds) {
        return Instant.ofEpochSecond(seconds)
                .atZone(zone)
                .toLocalDate()
                .with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
    }

    private Period period(Tier tier, LocalDate first, LocalDate next) {
        return new Period(tier, start(first), start(next) - start(first));
    }

    private long start(LocalDate day) {
        return day.atStartOfDay(zone).toEpochSecond();
    }
}

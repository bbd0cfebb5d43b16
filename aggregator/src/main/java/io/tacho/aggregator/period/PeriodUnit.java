// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.period;

import io.tacho.model.period.Period;
import io.tacho.model.period.PeriodCalendar;
import io.tacho.model.period.Tier;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The units of the calendar in which the long-term history is read. A week is merged from its days. */
public enum PeriodUnit {
    HOUR(Tier.HOUR),
    DAY(Tier.DAY),
    WEEK(Tier.DAY),
    MONTH(Tier.MONTH);

    private final Tier tier;

    PeriodUnit(Tier tier) {
        this.tier = tier;
    }

    /** {@return the unit with that name, null if there is none} */
    public static @Nullable PeriodUnit of(String label) {
        for (PeriodUnit unit : values()) {
            if (unit.label().equals(label)) {
                return unit;
            }
        }
        return null;
    }

    /** {@return the name of the unit in requests and responses} */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** {@return the tier that units are read from} */
    Tier tier() {
        return tier;
    }

    /** Returns the stored periods of each unit that overlaps a time span. */
    List<List<Period>> overlapping(PeriodCalendar calendar, long fromSeconds, long toSeconds) {
        if (this != WEEK) {
            return calendar.overlapping(tier, fromSeconds, toSeconds).stream()
                    .map(List::of)
                    .toList();
        }
        List<List<Period>> weeks = new ArrayList<>();
        for (long at = calendar.startOfWeek(fromSeconds); at < toSeconds; at = calendar.endOfWeek(at)) {
            weeks.add(calendar.overlapping(tier, at, calendar.endOfWeek(at)));
        }
        return weeks;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.model.period;

import java.util.Locale;

/** A level of detail of the history. Each is merged from the one before it. */
public enum Tier {
    /** The windows of the cluster, of any metrics interval; usually a minute. */
    WINDOW,
    /** Hours of the day in the calendar's time zone. */
    HOUR,
    DAY,
    MONTH;

    /** {@return the name of the tier in keys, settings and responses} */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Returns the tier that this one is merged from.
     *
     * @throws IllegalStateException if windows are merged from nothing
     */
    public Tier finer() {
        return switch (this) {
            case MONTH -> DAY;
            case DAY -> HOUR;
            case HOUR -> WINDOW;
            case WINDOW -> throw new IllegalStateException("tier: window (expected: hour, day or month)");
        };
    }
}

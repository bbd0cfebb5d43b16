// SPDX-License-Identifier: Apache-2.0
package io.tacho.model.period;

import io.tacho.model.WindowSlot;
import java.util.Comparator;

/**
 * A part of time on the cluster: a window, an hour, a day or a month. Ordered by start, then end.
 *
 * @param tier its kind
 * @param startSeconds its start, UNIX seconds
 * @param lengthSeconds its length: days with a change of the clocks are longer or shorter than others
 */
public record Period(Tier tier, long startSeconds, long lengthSeconds) implements Comparable<Period> {

    private static final Comparator<Period> ORDER = Comparator.comparingLong(Period::startSeconds)
            .thenComparingLong(Period::lengthSeconds)
            .thenComparing(Period::tier);

    /** As far as a year of four digits goes. */
    private static final long MAX_SECONDS = 253_402_300_799L;

    private static final long MAX_LENGTH = 32 * 86_400;

    /** @throws IllegalArgumentException naming the component that is out of its bounds */
    public Period {
        if (startSeconds < 0 || startSeconds > MAX_SECONDS) {
            throw new IllegalArgumentException(
                    "start: " + startSeconds + " (expected: 0 to " + MAX_SECONDS + " UNIX seconds)");
        }
        if (lengthSeconds < 1 || lengthSeconds > MAX_LENGTH) {
            throw new IllegalArgumentException("length: " + lengthSeconds + " (expected: 1 to " + MAX_LENGTH + " s)");
        }
    }

    /** {@return the period of a window of the cluster} */
    public static Period of(WindowSlot slot) {
        return new Period(Tier.WINDOW, slot.startMillis() / 1_000, slot.intervalSeconds());
    }

    /** {@return the window of the cluster that this period is} */
    public WindowSlot slot() {
        return new WindowSlot(lengthSeconds, 1_000 * startSeconds);
    }

    /** {@return its end, UNIX seconds} */
    public long endSeconds() {
        return startSeconds + lengthSeconds;
    }

    /** {@return the time at half of it, UNIX seconds, rounded down: it belongs to the coarser period that contains this time} */
    public long middleSeconds() {
        return startSeconds + lengthSeconds / 2;
    }

    @Override
    public int compareTo(Period other) {
        return ORDER.compare(this, other);
    }
}

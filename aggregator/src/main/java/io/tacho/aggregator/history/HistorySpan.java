// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

/**
 * A requested time span and step length.
 *
 * @param fromSeconds the start, UNIX seconds
 * @param toSeconds the end, UNIX seconds
 * @param stepSeconds the minimum length of a step; 0 for the length that yields about {@value #USUAL_STEPS} steps
 */
public record HistorySpan(long fromSeconds, long toSeconds, long stepSeconds) {

    /** As many as a chart can show. */
    public static final int USUAL_STEPS = 300;

    /** A day of the usual windows, and some. */
    public static final int MAX_STEPS = 2_000;

    /** As far as a year of four digits goes. */
    public static final long MAX_SECONDS = 253_402_300_799L;

    /** @throws IllegalArgumentException naming the invalid parameter */
    public HistorySpan {
        // first the end: a query without from has one that follows from it
        if (toSeconds > MAX_SECONDS) {
            throw new IllegalArgumentException(
                    "to: " + toSeconds + " (expected: at most " + MAX_SECONDS + " UNIX seconds)");
        }
        if (fromSeconds < 0 || fromSeconds > MAX_SECONDS) {
            throw new IllegalArgumentException(
                    "from: " + fromSeconds + " (expected: 0 to " + MAX_SECONDS + " UNIX seconds)");
        }
        if (toSeconds <= fromSeconds) {
            throw new IllegalArgumentException("to: " + toSeconds + " (expected: after from, " + fromSeconds + ")");
        }
        long length = toSeconds - fromSeconds;
        if (stepSeconds > 0 && (length - 1) / stepSeconds >= MAX_STEPS) {
            throw new IllegalArgumentException("step: " + stepSeconds + " s makes " + ((length - 1) / stepSeconds + 1)
                    + " steps (expected: at most " + MAX_STEPS + ", so a step of at least "
                    + ((length - 1) / MAX_STEPS + 1) + " s)");
        }
    }

    /** Returns the length of the span. */
    long lengthSeconds() {
        return toSeconds - fromSeconds;
    }
}

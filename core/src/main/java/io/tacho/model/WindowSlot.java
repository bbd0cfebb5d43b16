// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import java.util.Comparator;

/**
 * Identifies a window of the cluster; ordered by start, then interval.
 *
 * @param intervalSeconds length of the window; nodes with another metrics interval have windows of their own
 * @param startMillis its start, UNIX milliseconds, a multiple of the interval
 */
public record WindowSlot(long intervalSeconds, long startMillis) implements Comparable<WindowSlot> {

    private static final Comparator<WindowSlot> ORDER =
            Comparator.comparingLong(WindowSlot::startMillis).thenComparingLong(WindowSlot::intervalSeconds);

    /** @throws IllegalArgumentException naming the component that is out of its bounds */
    public WindowSlot {
        Checks.between("interval", intervalSeconds, 1, SnapshotEnvelope.MAX_INTERVAL_SECONDS);
        Checks.count("start_ms", startMillis);
        if (startMillis % (1_000 * intervalSeconds) != 0) {
            throw new IllegalArgumentException(
                    "start_ms: " + startMillis + " (expected: a multiple of " + intervalSeconds + " s)");
        }
    }

    /** {@return the window of the cluster that a node's window belongs to: the one that contains its middle} */
    public static WindowSlot of(long intervalSeconds, MetricsWindow window) {
        long middle = window.startMillis() + (window.endMillis() - window.startMillis()) / 2;
        return new WindowSlot(intervalSeconds, middle - middle % (1_000 * intervalSeconds));
    }

    /** {@return the smallest possible slot that starts at or after that time; the time is limited to valid ones} */
    public static WindowSlot firstFrom(long millis) {
        long seconds = (Math.max(0, Math.min(millis, Checks.MAX_VALUE - 1_000)) + 999) / 1_000;
        return new WindowSlot(1, 1_000 * seconds);
    }

    /** {@return its end, UNIX milliseconds} */
    public long endMillis() {
        return startMillis + 1_000 * intervalSeconds;
    }

    @Override
    public int compareTo(WindowSlot other) {
        return ORDER.compare(this, other);
    }
}

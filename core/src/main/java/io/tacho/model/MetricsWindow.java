// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

/**
 * The interval that a snapshot's counters and timers cover, on the node's own clock. A heartbeat repeats the metrics of
 * the last completed window; this distinguishes a repeated window from a new one.
 *
 * @param startMillis first millisecond inside, UNIX milliseconds
 * @param endMillis first millisecond after, UNIX milliseconds
 */
public record MetricsWindow(long startMillis, long endMillis) {

    /** @throws IllegalArgumentException if the window ends before it starts or lies before 1970 */
    public MetricsWindow {
        Checks.count("window_start_ms", startMillis);
        Checks.count("window_end_ms", endMillis);
        if (endMillis < startMillis) {
            throw new IllegalArgumentException(
                    "window_end_ms: " + endMillis + " (expected: >= window_start_ms " + startMillis + ")");
        }
    }
}

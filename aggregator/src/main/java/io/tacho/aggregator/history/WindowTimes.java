// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

import io.tacho.model.ClusterWindow;
import java.util.concurrent.TimeUnit;

/** When what is to be expected of a window: nodes fold theirs spread over a few seconds after its end. */
final class WindowTimes {

    /** Nodes take no longer than this, or a quarter of the window. */
    private static final long MAX_SPREAD_MILLIS = 5_000;

    /** For what was written to be read. */
    private static final long GRACE_MILLIS = 2_000;

    private WindowTimes() {}

    /** When all nodes have folded theirs, UNIX milliseconds. */
    static long foldedMillis(long startMillis, long intervalSeconds) {
        long interval = TimeUnit.SECONDS.toMillis(intervalSeconds);
        return startMillis + interval + Math.min(interval / 4, MAX_SPREAD_MILLIS);
    }

    /** From when on all is known of the window that can be expected, UNIX milliseconds. */
    static long settledMillis(ClusterWindow window) {
        return foldedMillis(window.startMillis(), window.intervalSeconds()) + GRACE_MILLIS;
    }
}

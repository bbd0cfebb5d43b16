// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

import io.tacho.model.ClusterWindow;
import java.util.concurrent.TimeUnit;

/** The times at which a window is expected to be complete: nodes upload their part within a few seconds after its end. */
final class WindowTimes {

    /** The upper limit of the spread of uploads, which is a quarter of the window. */
    private static final long MAX_SPREAD_MILLIS = 5_000;

    /** Time until written windows are read. */
    private static final long GRACE_MILLIS = 2_000;

    private WindowTimes() {}

    /** {@return the time at which all nodes have uploaded their part, in UNIX milliseconds} */
    static long uploadedMillis(long startMillis, long intervalSeconds) {
        long interval = TimeUnit.SECONDS.toMillis(intervalSeconds);
        return startMillis + interval + Math.min(interval / 4, MAX_SPREAD_MILLIS);
    }

    /** {@return the time at which this aggregator knows the complete window, in UNIX milliseconds} */
    static long completeMillis(ClusterWindow window) {
        return uploadedMillis(window.startMillis(), window.intervalSeconds()) + GRACE_MILLIS;
    }
}

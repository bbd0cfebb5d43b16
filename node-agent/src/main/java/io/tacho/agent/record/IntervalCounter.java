// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.record;

import java.util.concurrent.atomic.LongAdder;

/**
 * A count that is never cleared; an interval is the difference of two of its totals, so no event is lost or counted twice.
 *
 * <p>Thread safety: any number of writers; one reader takes intervals.
 */
final class IntervalCounter {

    private final LongAdder total = new LongAdder();
    private long taken;

    void add(long count) {
        if (count > 0) {
            total.add(count);
        }
    }

    /** What was added since the last call. */
    long takeInterval() {
        long now = total.sum();
        long interval = now - taken;
        taken = now;
        return interval;
    }
}

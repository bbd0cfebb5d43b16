// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.record;

import io.tacho.model.NodeSnapshot;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A count that is never cleared; an interval is the difference of two of its totals, so no event is lost or counted twice.
 *
 * <p>Thread safety: any number of writers; one reader takes intervals, any thread reads the total.
 */
final class IntervalCounter implements EventCounter {

    private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(long[].class);

    // no two cells share a pair of cache lines, nor a cell and what lies around the array
    private static final int SPACING = 16;

    private final long[] cells = new long[(Stripes.COUNT + 1) * SPACING];
    private long taken;

    /** Adds a count, limited to the bounds of a field; a negative one is ignored. */
    @Override
    public void add(long count) {
        if (count > 0) {
            CELLS.getAndAdd(cells, (Stripes.home() + 1) * SPACING, Math.min(count, NodeSnapshot.MAX_VALUE));
        }
    }

    /** Returns the sum of all counts that were added; it may have overflowed. */
    long total() {
        long total = 0;
        for (int i = SPACING; i < cells.length; i += SPACING) {
            total += (long) CELLS.getVolatile(cells, i);
        }
        return total;
    }

    /** Returns the sum that was added since the last call; {@link Long#MAX_VALUE} if that overflows. */
    long takeInterval() {
        long now = total();
        long interval = now - taken;
        taken = now;
        // counts are positive: a negative difference is an overflow within the interval
        return interval < 0 ? Long.MAX_VALUE : interval;
    }
}

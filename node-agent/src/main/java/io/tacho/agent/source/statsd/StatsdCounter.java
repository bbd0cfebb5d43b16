// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.statsd;

import io.tacho.model.NodeSnapshot;

/**
 * A counter that StatsD lines change. A line may also take back what was counted in the open window.
 *
 * <p>Thread safety: guarded by its owner.
 */
final class StatsdCounter {

    private double fraction;
    private long open;
    private long last;
    private long sum;
    private long total;

    /**
     * Adds the whole part of a count; keeps the fraction, which sampling causes, for the next call.
     *
     * @throws Rejected if the count of the open window would be out of its bounds; then nothing changes
     */
    void add(double count) throws Rejected {
        double exact = fraction + count;
        double whole = Math.floor(exact);
        double next = open + whole;
        if (next < 0) {
            throw new Rejected(Rejected.Reason.BELOW_ZERO);
        }
        if (next > NodeSnapshot.MAX_VALUE) {
            throw new Rejected(Rejected.Reason.TOO_LARGE);
        }
        fraction = exact - whole;
        open += (long) whole;
        sum += (long) whole;
        // a total does not decrease: readers would take that for a restart
        if (sum - total > 0) {
            total = sum;
        }
    }

    /** Ends a window. */
    void endWindow() {
        last = open;
        open = 0;
    }

    /** {@return the count of the last window} */
    long last() {
        return last;
    }

    /** Returns the count since the start; beyond the bounds of a field it starts again at 0, as after a restart. */
    long total() {
        return total & NodeSnapshot.MAX_VALUE;
    }
}

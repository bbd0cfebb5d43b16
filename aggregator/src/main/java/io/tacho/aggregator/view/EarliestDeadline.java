// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

/**
 * A lower bound of the deadlines of all nodes: before it no node is a suspect, so the nodes need not be visited.
 *
 * <p>Thread safety: guarded by the view's lock.
 */
final class EarliestDeadline {

    private boolean isKnown;
    private long nanos;

    /** Lowers the bound to the deadline of a node, if that is earlier. */
    void include(long deadlineNanos) {
        if (!isKnown || deadlineNanos - nanos < 0) {
            isKnown = true;
            nanos = deadlineNanos;
        }
    }

    /** {@return whether a node may have had its deadline before a time} */
    boolean isBefore(long nowNanos) {
        return isKnown && nowNanos - nanos > 0;
    }

    /** Forgets all deadlines. */
    void reset() {
        isKnown = false;
    }
}

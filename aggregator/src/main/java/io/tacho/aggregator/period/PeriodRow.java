// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.period;

import io.tacho.aggregator.history.HistoryStep;
import io.tacho.model.period.PeriodSummary;

/**
 * An hour, day, week or month of the cluster in a response.
 *
 * @param startSeconds its start, UNIX seconds
 * @param endSeconds its end, UNIX seconds
 * @param step its numbers; a gap if nothing is stored
 * @param secondsByNodes a summary that has only the covered seconds and the node counts
 */
public record PeriodRow(long startSeconds, long endSeconds, HistoryStep step, PeriodSummary secondsByNodes) {

    private static final int BASE_BYTES = 500;
    private static final int NODE_COUNT_BYTES = 100;

    /** {@return the estimated memory, bytes} */
    int memoryBytes() {
        return step.memoryBytes()
                + BASE_BYTES
                + NODE_COUNT_BYTES * secondsByNodes.secondsByNodes().size();
    }

    /**
     * Returns the share of the time that has passed in which there were at least that number of nodes.
     *
     * @param nowSeconds the current time, UNIX seconds
     * @return 0 to 1
     */
    public double availability(long nodes, long nowSeconds) {
        long passed = Math.min(endSeconds, nowSeconds) - startSeconds;
        return passed <= 0 ? 0 : Math.min(1, (double) secondsByNodes.secondsWith(nodes) / passed);
    }
}

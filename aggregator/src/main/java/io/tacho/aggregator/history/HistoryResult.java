// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

import java.util.List;
import java.util.Map;

/**
 * The cluster's numbers over a time span, in steps of equal length.
 *
 * @param stepSeconds the length of a step
 * @param firstSeconds the start of the first step, UNIX seconds, a multiple of the step
 * @param windows the number of windows in the steps, by their interval in seconds
 * @param leftOut the number of windows that are longer than a step and therefore in none, by their interval in seconds
 * @param bridged the number of windows of nodes that also count what happened before their start, while no agent was running, by
 *     their interval in seconds
 * @param extrasLeftOut the number of extra values of nodes that are missing, because a window has reached its size
 * @param steps all steps in order, including gaps
 */
public record HistoryResult(
        long stepSeconds,
        long firstSeconds,
        Map<Long, Long> windows,
        Map<Long, Long> leftOut,
        Map<Long, Long> bridged,
        long extrasLeftOut,
        List<HistoryStep> steps) {}

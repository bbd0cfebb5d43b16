// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

import java.util.List;
import java.util.Map;

/**
 * The cluster's numbers over a span of time, in steps.
 *
 * @param stepSeconds the length of a step
 * @param firstSeconds where the first step begins, UNIX seconds, a multiple of the step
 * @param windows how many windows the steps are made of, by their intervals in seconds
 * @param leftOut the same of windows that are longer than a step, and therefore in none
 * @param bridged how many windows of nodes also count what happened before their start, while no agent was running, likewise
 * @param steps all of them in their order, gaps too
 */
public record History(
        long stepSeconds,
        long firstSeconds,
        Map<Long, Long> windows,
        Map<Long, Long> leftOut,
        Map<Long, Long> bridged,
        List<HistoryStep> steps) {}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

import io.tacho.model.ClusterWindow;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Chooses the length of the steps: a multiple of the windows' interval. */
final class StepLength {

    private static final long USUAL_INTERVAL = 60;

    /** An interval of which fewer fit into the span does not make the steps longer, unless it is that of most nodes. */
    private static final int FIT = 4;

    /** Numbers of windows that make a step of round length. */
    private static final long[] EVEN = {1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60, 120, 180, 240, 360, 720, 1_440};

    private StepLength() {}

    /** Returns the length of a step in seconds for a span with these windows. */
    static long of(HistorySpan span, List<ClusterWindow> windows) {
        long interval = interval(span, windows);
        if (span.stepSeconds() > 0) {
            return ceil(span.stepSeconds(), interval) * interval;
        }
        long least = ceil(span.lengthSeconds(), interval * HistorySpan.USUAL_STEPS);
        for (long even : EVEN) {
            if (even >= least) {
                return even * interval;
            }
        }
        return least * interval;
    }

    /** Returns the interval that the step length has to be a multiple of. */
    private static long interval(HistorySpan span, List<ClusterWindow> windows) {
        Map<Long, Double> weights = new HashMap<>();
        windows.forEach(window -> weights.merge(
                window.intervalSeconds(), (double) window.nodeWindows() * window.intervalSeconds(), Double::sum));
        long usual = weights.entrySet().stream()
                .max(Map.Entry.<Long, Double>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .orElse(USUAL_INTERVAL);
        return weights.keySet().stream()
                .filter(interval -> interval <= span.lengthSeconds() / FIT)
                .max(Comparator.naturalOrder())
                .map(longest -> Math.max(longest, usual))
                .orElse(usual);
    }

    private static long ceil(long amount, long unit) {
        return (amount - 1) / unit + 1;
    }
}

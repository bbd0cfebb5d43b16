// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.evaluate;

import io.tacho.aggregator.alert.rule.Condition;
import io.tacho.aggregator.cluster.ClusterMetric;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Detects that a cluster total violates a comparison in several consecutive windows. Each window is evaluated once, shortly after its
 * end, when the nodes have published it. The first evaluation waits for that, because some nodes may have published a window and others
 * not. If the clock steps back, no window is evaluated again.
 */
final class ClusterTotalEvaluator implements RuleEvaluator {

    private static final long MAX_PUBLISH_DELAY_MILLIS = 5_000;
    /** After a larger step back of the clock, windows are counted from the new time. */
    private static final long MAX_WINDOWS_BACK = 3;

    private static final long NOT_STARTED = -1;

    private final Condition condition;
    private final ClusterMetric metric;
    private final Comparison comparison;
    private final int consecutiveWindows;
    private long window = NOT_STARTED;
    private int violatedWindows;
    /** The value of the last window; null if no node publishes it. */
    private @Nullable Long value;

    private boolean isWithoutRequests;

    ClusterTotalEvaluator(Condition condition, ClusterMetric metric, Comparison comparison, int consecutiveWindows) {
        this.condition = condition;
        this.metric = metric;
        this.comparison = comparison;
        this.consecutiveWindows = consecutiveWindows;
    }

    @Override
    public void evaluate(EvaluationContext context) {
        long interval = context.metricsIntervalSeconds() * 1_000;
        long publishDelay = Math.min(interval / 4, MAX_PUBLISH_DELAY_MILLIS);
        long time = context.time().toEpochMilli();
        if (!isNewWindow((time - publishDelay) / interval, time / interval)) {
            return;
        }
        boolean isKnown = !context.nodes().isEmpty() && context.isEveryPartitionLoadedOnce();
        value = isKnown ? context.clusterTotals().number(metric) : null;
        isWithoutRequests = isKnown && value == null && context.nodes().stream().allMatch(metric::isWithoutRequests);
        if (value != null && comparison.isViolatedBy("", value)) {
            violatedWindows++;
        } else if (value != null || isWithoutRequests) {
            violatedWindows = 0;
        }
    }

    /**
     * Updates the last window, and returns whether it is to be evaluated.
     *
     * @param published the number of the window that all nodes have published
     * @param completed the number of the window that some nodes may have published
     */
    private boolean isNewWindow(long published, long completed) {
        if (window == NOT_STARTED && published != completed) {
            return false;
        }
        boolean isNew = published > window;
        if (isNew || window - published > MAX_WINDOWS_BACK) {
            window = published;
        }
        return isNew;
    }

    @Override
    public Map<String, Violation> violationsByUid() {
        if (violatedWindows < consecutiveWindows || value == null) {
            return Map.of();
        }
        return Map.of("", Violation.ofCluster(value, describeViolation(value) + " (" + condition + ")"));
    }

    @Override
    public @Nullable String reasonToResolve(Alert alert) {
        if (isWithoutRequests) {
            return NO_REQUESTS;
        }
        return violatedWindows > 0 || value == null ? null : describeViolation(value);
    }

    private String describeViolation(long number) {
        return comparison.describe("", number);
    }
}

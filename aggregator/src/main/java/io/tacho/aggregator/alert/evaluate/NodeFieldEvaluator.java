// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.evaluate;

import io.tacho.aggregator.alert.rule.Condition;
import io.tacho.aggregator.cluster.ClusterMetric;
import io.tacho.aggregator.view.KnownNode;
import io.tacho.text.Glob;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Detects nodes with a number that violates a comparison in several consecutive windows. */
final class NodeFieldEvaluator extends NodeEvaluator {

    private final Condition condition;
    private final ClusterMetric metric;
    private final Comparison comparison;
    private final int consecutiveWindows;
    /** The number of consecutive violated windows by uid; absent for 0. */
    private final Map<String, Integer> violatedWindowsByUid = new HashMap<>();

    NodeFieldEvaluator(
            Condition condition, ClusterMetric metric, Comparison comparison, int consecutiveWindows, Glob nodeNames) {
        super(nodeNames);
        this.condition = condition;
        this.metric = metric;
        this.comparison = comparison;
        this.consecutiveWindows = consecutiveWindows;
    }

    @Override
    void update(EvaluationContext current, boolean isFirst) {
        List<KnownNode> nodes = isFirst ? current.nodes() : current.nodesWithNewWindow();
        comparison.prepare(current);
        violatedWindowsByUid.keySet().removeIf(uid -> current.findNode(uid) == null);
        for (KnownNode node : nodes) {
            Long value = matches(node) ? metric.ofNode(node) : null;
            if (value != null && comparison.isViolatedBy(node.uid(), value)) {
                violatedWindowsByUid.merge(node.uid(), 1, Integer::sum);
            } else if (value != null || metric.isWithoutRequests(node)) {
                violatedWindowsByUid.remove(node.uid());
            }
        }
    }

    @Override
    Map<String, Violation> violations(EvaluationContext current) {
        Map<String, Violation> violations = new HashMap<>();
        violatedWindowsByUid.forEach((uid, windows) -> {
            KnownNode node = current.findNode(uid);
            Long value = windows < consecutiveWindows || node == null ? null : metric.ofNode(node);
            if (value != null && node != null) {
                String description = comparison.describe(uid, value) + " (" + condition + ")";
                violations.put(uid, Violation.ofNode(node, value, description));
            }
        });
        return violations;
    }

    @Override
    @Nullable
    String reasonToResolve(EvaluationContext current, KnownNode node) {
        if (violatedWindowsByUid.containsKey(node.uid())) {
            return null;
        }
        Long value = metric.ofNode(node);
        if (value != null) {
            return comparison.describe(node.uid(), value);
        }
        return metric.isWithoutRequests(node) ? NO_REQUESTS : null;
    }
}

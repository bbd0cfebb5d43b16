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
final class NodeFieldEvaluator implements RuleEvaluator {

    private final Condition condition;
    private final ClusterMetric metric;
    private final Comparison comparison;
    private final int consecutiveWindows;
    private final Glob nodeNames;
    /** The number of consecutive violated windows by uid; absent for 0. */
    private final Map<String, Integer> violatedWindowsByUid = new HashMap<>();

    private @Nullable EvaluationContext context;

    NodeFieldEvaluator(
            Condition condition, ClusterMetric metric, Comparison comparison, int consecutiveWindows, Glob nodeNames) {
        this.condition = condition;
        this.metric = metric;
        this.comparison = comparison;
        this.consecutiveWindows = consecutiveWindows;
        this.nodeNames = nodeNames;
    }

    @Override
    public void evaluate(EvaluationContext current) {
        List<KnownNode> nodes = context == null ? current.nodes() : current.nodesWithNewWindow();
        context = current;
        comparison.prepare(current);
        violatedWindowsByUid.keySet().removeIf(uid -> current.findNode(uid) == null);
        for (KnownNode node : nodes) {
            Long value = nodeNames.matches(node.name()) ? metric.ofNode(node) : null;
            if (value != null) {
                if (comparison.isViolatedBy(node.uid(), value)) {
                    violatedWindowsByUid.merge(node.uid(), 1, Integer::sum);
                } else {
                    violatedWindowsByUid.remove(node.uid());
                }
            }
        }
    }

    @Override
    public Map<String, Violation> violationsByUid() {
        EvaluationContext current = context;
        Map<String, Violation> violations = new HashMap<>();
        if (current == null) {
            return violations;
        }
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
    public @Nullable String reasonToResolve(Alert alert) {
        EvaluationContext current = context;
        if (current == null) {
            return null;
        }
        String uid = alert.violation().uid();
        KnownNode node = current.findNode(uid);
        if (node == null) {
            return current.reasonForAbsence(uid);
        }
        if (!nodeNames.matches(node.name())) {
            return "the rule no longer matches the node";
        }
        Long value = metric.ofNode(node);
        return violatedWindowsByUid.containsKey(uid) || value == null ? null : comparison.describe(uid, value);
    }
}

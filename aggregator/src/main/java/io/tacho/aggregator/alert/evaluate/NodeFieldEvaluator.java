// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.evaluate;

import io.tacho.aggregator.alert.rule.Condition;
import io.tacho.aggregator.alert.rule.Threshold;
import io.tacho.aggregator.view.KnownNode;
import io.tacho.units.Quantity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Detects nodes with a metrics field that violates a threshold in several consecutive windows. */
final class NodeFieldEvaluator implements RuleEvaluator {

    private final Condition.NodeField condition;
    private final Quantity quantity;
    /** The number of consecutive violated windows by uid; absent for 0. */
    private final Map<String, Integer> violatedWindowsByUid = new HashMap<>();

    private @Nullable EvaluationContext context;

    NodeFieldEvaluator(Condition.NodeField condition) {
        this.condition = condition;
        quantity = Threshold.quantityOf(condition.field().unit());
    }

    @Override
    public void evaluate(EvaluationContext current) {
        List<KnownNode> nodes = context == null ? current.nodes() : current.nodesWithNewWindow();
        context = current;
        violatedWindowsByUid.keySet().removeIf(uid -> current.findNode(uid) == null);
        for (KnownNode node : nodes) {
            if (hasValue(node) && condition.nodeNames().matches(node.name())) {
                if (condition.threshold().isViolatedBy(value(node))) {
                    violatedWindowsByUid.merge(node.uid(), 1, Integer::sum);
                } else {
                    violatedWindowsByUid.remove(node.uid());
                }
            }
        }
    }

    private long value(KnownNode node) {
        return node.envelope().snapshot().number(condition.field());
    }

    /** Returns true if the node publishes the field for its current window. */
    private boolean hasValue(KnownNode node) {
        return node.envelope().status().quality().isCurrent(condition.field());
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
            if (windows >= condition.consecutiveWindows() && node != null) {
                violations.put(
                        uid, Violation.ofNode(node, value(node), describeViolation(node) + " (" + condition + ")"));
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
            return "the node is gone";
        }
        if (!condition.nodeNames().matches(node.name())) {
            return "the rule no longer matches the node";
        }
        return violatedWindowsByUid.containsKey(uid) || !hasValue(node) ? null : describeViolation(node);
    }

    private String describeViolation(KnownNode node) {
        return condition.field().wireName() + " " + quantity.format(value(node));
    }
}

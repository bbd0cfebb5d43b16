// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.evaluate;

import io.tacho.aggregator.alert.rule.Condition;
import io.tacho.aggregator.view.KnownNode;
import io.tacho.units.Quantity;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Detects nodes whose last beat is older than the threshold of the rule. */
final class BeatAgeEvaluator implements RuleEvaluator {

    private final Condition.BeatAge condition;
    private @Nullable EvaluationContext context;

    BeatAgeEvaluator(Condition.BeatAge condition) {
        this.condition = condition;
    }

    @Override
    public void evaluate(EvaluationContext current) {
        context = current;
    }

    @Override
    public Map<String, Violation> violationsByUid() {
        Map<String, Violation> violations = new HashMap<>();
        EvaluationContext current = context;
        if (current != null) {
            for (KnownNode node : current.nodes()) {
                boolean isSuspect = condition.threshold().isViolatedBy(current.nanoTime() - node.beatNanos());
                long age = isSuspect ? current.beatAgeNanos(node) : 0;
                if (condition.threshold().isViolatedBy(age)
                        && condition.nodeNames().matches(node.name())
                        && current.isConnected(node)) {
                    String description = "no beat for " + Quantity.DURATION.format(age) + " (" + condition + ")";
                    violations.put(node.uid(), Violation.ofNode(node, age, description));
                }
            }
        }
        return violations;
    }

    @Override
    public @Nullable String reasonToResolve(Alert alert) {
        EvaluationContext current = context;
        if (current == null) {
            return null;
        }
        KnownNode node = current.findNode(alert.violation().uid());
        if (node == null) {
            return current.reasonForAbsence(alert.violation().uid());
        }
        return current.isConnected(node) ? "the node sends beats again" : null;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.evaluate;

import io.tacho.aggregator.alert.rule.Condition;
import io.tacho.aggregator.view.KnownNode;
import io.tacho.units.Quantity;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Detects nodes whose last beat is older than the threshold of the rule. */
final class BeatAgeEvaluator extends NodeEvaluator {

    private final Condition.BeatAge condition;

    BeatAgeEvaluator(Condition.BeatAge condition) {
        super(condition.nodeNames());
        this.condition = condition;
    }

    @Override
    Map<String, Violation> violations(EvaluationContext current) {
        Map<String, Violation> violations = new HashMap<>();
        for (KnownNode node : current.nodes()) {
            boolean isSuspect = condition.threshold().isViolatedBy(current.nanoTime() - node.beatNanos());
            long age = isSuspect ? current.beatAgeNanos(node) : 0;
            if (condition.threshold().isViolatedBy(age) && matches(node) && current.isConnected(node)) {
                String description = "no beat for " + Quantity.DURATION.format(age) + " (" + condition + ")";
                violations.put(node.uid(), Violation.ofNode(node, age, description));
            }
        }
        return violations;
    }

    @Override
    @Nullable
    String reasonToResolve(EvaluationContext current, KnownNode node) {
        return current.isConnected(node) ? "the node sends beats again" : null;
    }
}

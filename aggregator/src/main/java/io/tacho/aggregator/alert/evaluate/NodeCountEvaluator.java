// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.evaluate;

import io.tacho.aggregator.alert.rule.Condition;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Detects that the number of nodes violates a threshold for a minimum duration. */
final class NodeCountEvaluator implements RuleEvaluator {

    private final Condition.NodeCount condition;
    private long nodes = -1;
    private boolean isViolated;
    private long violatedSinceNanos;
    private boolean isViolatedLongEnough;

    NodeCountEvaluator(Condition.NodeCount condition) {
        this.condition = condition;
    }

    @Override
    public void evaluate(EvaluationContext context) {
        if (!context.isEveryPartitionLoadedOnce()) {
            return;
        }
        nodes = context.nodes().stream()
                .filter(node -> condition.nodeNames().matches(node.name()))
                .count();
        boolean wasViolated = isViolated;
        isViolated = condition.threshold().isViolatedBy(nodes);
        if (!wasViolated) {
            violatedSinceNanos = context.nanoTime();
        }
        isViolatedLongEnough = isViolated
                && context.nanoTime() - violatedSinceNanos
                        >= condition.minDuration().toNanos();
    }

    @Override
    public Map<String, Violation> violationsByUid() {
        return isViolatedLongEnough
                ? Map.of("", Violation.ofCluster(nodes, describeNodeCount() + " (" + condition + ")"))
                : Map.of();
    }

    @Override
    public @Nullable String reasonToResolve(Alert alert) {
        return isViolated || nodes < 0 ? null : describeNodeCount();
    }

    private String describeNodeCount() {
        return nodes + (nodes == 1 ? " node" : " nodes");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.evaluate;

import io.tacho.aggregator.alert.rule.Condition;
import io.tacho.aggregator.view.KnownNode;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Detects that the number of nodes violates a threshold for a minimum duration. */
final class NodeCountEvaluator implements RuleEvaluator {

    private final Condition condition;
    private final Predicate<KnownNode> selected;
    private final LongPredicate violated;
    private final Duration minDuration;
    private long nodes = -1;
    private boolean isViolated;
    private long violatedSinceNanos;
    private boolean isViolatedLongEnough;

    NodeCountEvaluator(Condition.NodeCount condition) {
        this(
                condition,
                node -> condition.nodeNames().matches(node.name()),
                condition.threshold()::isViolatedBy,
                condition.minDuration());
    }

    NodeCountEvaluator(Condition.AbsentLabel condition) {
        this(
                condition,
                node -> condition
                        .value()
                        .equals(node.envelope().status().labels().get(condition.label())),
                nodes -> nodes == 0,
                condition.minDuration());
    }

    private NodeCountEvaluator(
            Condition condition, Predicate<KnownNode> selected, LongPredicate violated, Duration minDuration) {
        this.condition = condition;
        this.selected = selected;
        this.violated = violated;
        this.minDuration = minDuration;
    }

    @Override
    public void evaluate(EvaluationContext context) {
        if (!context.isEveryPartitionLoadedOnce()) {
            return;
        }
        nodes = context.nodes().stream().filter(selected).count();
        boolean wasViolated = isViolated;
        isViolated = violated.test(nodes);
        if (!wasViolated) {
            violatedSinceNanos = context.nanoTime();
        }
        isViolatedLongEnough = isViolated && context.nanoTime() - violatedSinceNanos >= minDuration.toNanos();
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

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.evaluate;

import io.tacho.aggregator.alert.rule.Condition;
import io.tacho.aggregator.alert.rule.Rule;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates one rule repeatedly and keeps the state that the rule needs, such as the number of violated windows.
 *
 * <p>Thread safety: confined to one thread.
 */
interface RuleEvaluator {

    /** Evaluates the rule with the current state of the cluster. */
    void evaluate(EvaluationContext context);

    /** Returns the current violations by uid; the key is empty for a violation that is not of a node. */
    Map<String, Violation> violations();

    /** Returns why an alert of this rule without a violation is resolved, or null if this is not known yet. */
    @Nullable
    String reasonToResolve(Alert alert);

    /** Creates the evaluator of a rule about nodes or the cluster. */
    static RuleEvaluator forRule(Rule rule) {
        Condition condition = rule.condition();
        if (condition instanceof Condition.Lost lost) {
            return new LostNodeEvaluator(lost);
        }
        if (condition instanceof Condition.NodeCount count) {
            return new NodeCountEvaluator(count);
        }
        if (condition instanceof Condition.NodeField nodeField) {
            return new NodeFieldEvaluator(nodeField);
        }
        if (condition instanceof Condition.ClusterTotal clusterTotal) {
            return new ClusterTotalEvaluator(clusterTotal);
        }
        if (condition instanceof Condition.Age age) {
            return new BeatAgeEvaluator(age);
        }
        throw new IllegalArgumentException(rule + " (expected: a rule about nodes or the cluster)");
    }
}

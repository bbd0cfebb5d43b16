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

    /** The reason for which alerts about the durations of requests are resolved by a window that has none. */
    String NO_REQUESTS = "no requests in the window";

    /** Evaluates the rule once, and updates {@link #violationsByUid()}. */
    void evaluate(EvaluationContext context);

    /** Returns the violations of the last evaluation by uid; the key is empty for a violation that is not of a node. */
    Map<String, Violation> violationsByUid();

    /** Returns why an alert without a violation is resolved now, or null if it keeps firing until more is known. */
    @Nullable
    String reasonToResolve(Alert alert);

    /** Creates the evaluator for a rule about nodes or the cluster. */
    static RuleEvaluator forRule(Rule rule) {
        Condition condition = rule.condition();
        if (condition instanceof Condition.LostNode lost) {
            return new LostNodeEvaluator(lost);
        }
        if (condition instanceof Condition.OutlierNode outlier) {
            return new OutlierNodeEvaluator(outlier);
        }
        if (condition instanceof Condition.NodeCount count) {
            return new NodeCountEvaluator(count);
        }
        if (condition instanceof Condition.NodeField nodeField) {
            return new NodeFieldEvaluator(
                    nodeField,
                    nodeField.metric(),
                    Comparison.with(nodeField.threshold(), nodeField.metric()),
                    nodeField.consecutiveWindows(),
                    nodeField.nodeNames());
        }
        if (condition instanceof Condition.NodeFactor factor) {
            return new NodeFieldEvaluator(
                    factor,
                    factor.metric(),
                    new MedianComparison(factor.metric(), factor.factor()),
                    factor.consecutiveWindows(),
                    factor.nodeNames());
        }
        if (condition instanceof Condition.NodeChange change) {
            return new NodeFieldEvaluator(
                    change,
                    change.metric(),
                    new ChangeComparison(change.metric(), change.change()),
                    1,
                    change.nodeNames());
        }
        if (condition instanceof Condition.ClusterChange change) {
            return new ClusterTotalEvaluator(
                    change, change.metric(), new ChangeComparison(change.metric(), change.change()), 1);
        }
        if (condition instanceof Condition.AbsentLabel absent) {
            return new NodeCountEvaluator(absent);
        }
        if (condition instanceof Condition.ClusterTotal clusterTotal) {
            return new ClusterTotalEvaluator(
                    clusterTotal,
                    clusterTotal.metric(),
                    Comparison.with(clusterTotal.threshold(), clusterTotal.metric()),
                    clusterTotal.consecutiveWindows());
        }
        if (condition instanceof Condition.BeatAge age) {
            return new BeatAgeEvaluator(age);
        }
        throw new IllegalArgumentException(rule + " (expected: a rule about nodes or the cluster)");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.evaluate;

import io.tacho.aggregator.alert.rule.Threshold;
import io.tacho.aggregator.cluster.ClusterMetric;

/**
 * Compares the values of a node or of the cluster in its windows.
 *
 * <p>Thread safety: confined to one thread.
 */
interface Comparison {

    /** Prepares for the values of an evaluation. */
    default void prepare(EvaluationContext context) {}

    /**
     * Returns whether the value of a new window violates the rule; called once per window.
     *
     * @param uid of the node; empty for the cluster
     */
    boolean isViolatedBy(String uid, long value);

    /** Describes a value for people. */
    String describe(String uid, long value);

    /** {@return the comparison with a constant} */
    static Comparison with(Threshold threshold, ClusterMetric metric) {
        return new Comparison() {
            @Override
            public boolean isViolatedBy(String uid, long value) {
                return threshold.isViolatedBy(value);
            }

            @Override
            public String describe(String uid, long value) {
                return metric + " " + Threshold.quantityOf(metric.unit()).format(value);
            }
        };
    }
}

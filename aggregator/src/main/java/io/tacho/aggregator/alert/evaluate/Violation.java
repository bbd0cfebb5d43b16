// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.evaluate;

import io.tacho.aggregator.view.KnownNode;

/**
 * A violation of a rule that is true now, by a node, the cluster, or an aggregator. The evaluator of the rule returns it.
 *
 * @param uid the node's uid; empty if it is not a node
 * @param node the name of the node or aggregator; empty if it is the cluster
 * @param value the value that violates the threshold; 0 if there is none
 * @param summary describes the violation for people
 */
public record Violation(String uid, String node, long value, String summary) {

    /** Creates a violation by a node. */
    static Violation ofNode(KnownNode node, long value, String description) {
        return new Violation(node.uid(), node.name(), value, node.name() + ": " + description);
    }

    /** Creates a violation by the cluster as a whole. */
    static Violation ofCluster(long value, String summary) {
        return new Violation("", "", value, summary);
    }
}

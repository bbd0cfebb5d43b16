// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.evaluate;

import io.tacho.aggregator.view.KnownNode;
import io.tacho.text.Glob;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Detects violations by nodes that are in the view and whose names the rule matches. */
abstract class NodeEvaluator implements RuleEvaluator {

    private final Glob nodeNames;
    private @Nullable EvaluationContext context;

    NodeEvaluator(Glob nodeNames) {
        this.nodeNames = nodeNames;
    }

    @Override
    public final void evaluate(EvaluationContext current) {
        boolean isFirst = context == null;
        context = current;
        update(current, isFirst);
    }

    /** Updates what is known of earlier evaluations; by default nothing is. */
    void update(EvaluationContext current, boolean isFirst) {}

    /** {@return whether the rule matches the node} */
    final boolean matches(KnownNode node) {
        return nodeNames.matches(node.name());
    }

    @Override
    public final Map<String, Violation> violationsByUid() {
        EvaluationContext current = context;
        return current == null ? Map.of() : violations(current);
    }

    /** {@return the violations by uid} */
    abstract Map<String, Violation> violations(EvaluationContext current);

    @Override
    public final @Nullable String reasonToResolve(Alert alert) {
        EvaluationContext current = context;
        if (current == null) {
            return null;
        }
        KnownNode node = current.findNode(alert.violation().uid());
        if (node == null) {
            return current.reasonForAbsence(alert.violation().uid());
        }
        return matches(node) ? reasonToResolve(current, node) : "the rule no longer matches the node";
    }

    /** Returns why an alert of a node that the rule matches is resolved now, or null if it keeps firing until more is known. */
    abstract @Nullable String reasonToResolve(EvaluationContext current, KnownNode node);
}

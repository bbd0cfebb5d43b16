// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.evaluate;

import io.tacho.aggregator.alert.rule.Condition;
import io.tacho.aggregator.outlier.Outlier;
import io.tacho.aggregator.view.KnownNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Detects nodes that are outliers among their peers. */
final class OutlierNodeEvaluator implements RuleEvaluator {

    private final Condition.OutlierNode condition;
    private @Nullable EvaluationContext context;

    OutlierNodeEvaluator(Condition.OutlierNode condition) {
        this.condition = condition;
    }

    @Override
    public void evaluate(EvaluationContext current) {
        context = current;
    }

    @Override
    public Map<String, Violation> violationsByUid() {
        EvaluationContext current = context;
        Map<String, Violation> violations = new HashMap<>();
        if (current != null) {
            current.outliers().byUid().forEach((uid, outliers) -> {
                KnownNode node = current.findNode(uid);
                if (node != null && condition.nodeNames().matches(node.name())) {
                    violations.put(
                            uid,
                            Violation.ofNode(node, Math.round(outliers.get(0).value()), describe(outliers)));
                }
            });
        }
        return violations;
    }

    private static String describe(List<Outlier> outliers) {
        return "outlier: " + outliers.stream().map(Outlier::toText).collect(Collectors.joining(", "));
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
        if (!condition.nodeNames().matches(node.name())) {
            return "the rule no longer matches the node";
        }
        boolean isJudged = current.outliers().isConclusive();
        return isJudged && current.outliers().of(node.uid()).isEmpty() ? "like its peers again" : null;
    }
}

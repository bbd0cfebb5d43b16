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
final class OutlierNodeEvaluator extends NodeEvaluator {

    OutlierNodeEvaluator(Condition.OutlierNode condition) {
        super(condition.nodeNames());
    }

    @Override
    Map<String, Violation> violations(EvaluationContext current) {
        Map<String, Violation> violations = new HashMap<>();
        current.outliers().byUid().forEach((uid, outliers) -> {
            KnownNode node = current.findNode(uid);
            if (node != null && matches(node)) {
                violations.put(
                        uid, Violation.ofNode(node, Math.round(outliers.get(0).value()), describe(outliers)));
            }
        });
        return violations;
    }

    private static String describe(List<Outlier> outliers) {
        return "outlier: " + outliers.stream().map(Outlier::toText).collect(Collectors.joining(", "));
    }

    @Override
    @Nullable
    String reasonToResolve(EvaluationContext current, KnownNode node) {
        boolean isJudged = current.outliers().isConclusive();
        return isJudged && current.outliers().of(node.uid()).isEmpty() ? "like its peers again" : null;
    }
}

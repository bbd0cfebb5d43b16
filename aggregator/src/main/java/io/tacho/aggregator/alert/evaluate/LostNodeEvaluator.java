// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.evaluate;

import io.tacho.aggregator.alert.rule.Condition;
import io.tacho.aggregator.view.KnownNode;
import io.tacho.aggregator.view.NodeChange;
import io.tacho.aggregator.view.NodeChange.Kind;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Detects nodes that stopped sending beats without announcing their departure. A loss ends when a node with the same uid or name
 * joins, or after an hour.
 */
final class LostNodeEvaluator implements RuleEvaluator {

    static final Duration MAX_DURATION = Duration.ofHours(1);

    private static final int MAX_LOSSES = 10_000;

    private record Loss(Violation violation, long nanos) {}

    private final Condition.LostNode condition;
    private final Map<String, Loss> lossesByUid = new LinkedHashMap<>();
    /** The names of the nodes of the context; filled on first use. */
    private final Set<String> names = new HashSet<>();

    private @Nullable EvaluationContext context;

    LostNodeEvaluator(Condition.LostNode condition) {
        this.condition = condition;
    }

    @Override
    public void evaluate(EvaluationContext current) {
        context = current;
        names.clear();
        for (NodeChange change : current.membershipChanges()) {
            KnownNode node = change.node();
            if (change.kind() == Kind.LOST && condition.nodeNames().matches(node.name())) {
                lossesByUid.put(node.uid(), new Loss(Violation.ofNode(node, 0, "lost"), current.nanoTime()));
            } else if (change.kind() == Kind.JOINED) {
                lossesByUid.values().removeIf(loss -> isSameNode(loss.violation(), node));
            }
        }
        lossesByUid.values().removeIf(loss -> current.nanoTime() - loss.nanos() > MAX_DURATION.toNanos());
        while (lossesByUid.size() > MAX_LOSSES) {
            lossesByUid.remove(lossesByUid.keySet().iterator().next());
        }
    }

    private static boolean isSameNode(Violation lost, KnownNode node) {
        return lost.uid().equals(node.uid()) || lost.node().equals(node.name());
    }

    @Override
    public Map<String, Violation> violationsByUid() {
        Map<String, Violation> violations = new HashMap<>();
        lossesByUid.forEach((uid, loss) -> violations.put(uid, loss.violation()));
        return violations;
    }

    /** Returns why a loss has ended, also for one that only another aggregator has observed; null while it lasts. */
    @Override
    public @Nullable String reasonToResolve(Alert alert) {
        EvaluationContext current = context;
        if (current == null) {
            return null;
        }
        if (names.isEmpty()) {
            current.nodes().forEach(node -> names.add(node.name()));
        }
        Violation lost = alert.violation();
        if (current.findNode(lost.uid()) != null || names.contains(lost.node())) {
            return "the node is back";
        }
        return Duration.between(alert.startsAt(), current.time()).compareTo(MAX_DURATION) > 0
                ? "the node did not come back within 1h"
                : null;
    }
}

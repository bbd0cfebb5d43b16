// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Too few nodes, or too many, for some time. */
final class CountWatch implements Watch {

    private final Condition.NodeCount rule;
    private long nodes = -1;
    private boolean isBroken;
    private long brokenSinceNanos;
    private boolean isHeld;

    CountWatch(Condition.NodeCount rule) {
        this.rule = rule;
    }

    @Override
    public void look(Moment now) {
        nodes = now.nodes().stream()
                .filter(node -> rule.nodes().matches(node.name()))
                .count();
        boolean wasBroken = isBroken;
        isBroken = rule.bound().isBrokenBy(nodes);
        if (!wasBroken) {
            brokenSinceNanos = now.nanos();
        }
        isHeld = isBroken && now.nanos() - brokenSinceNanos >= rule.hold().toNanos();
    }

    @Override
    public Map<String, Finding> found() {
        return isHeld ? Map.of("", Finding.ofCluster(nodes, count() + " (" + rule + ")")) : Map.of();
    }

    @Override
    public @Nullable String over(Alert alert) {
        return isBroken || nodes < 0 ? null : count();
    }

    private String count() {
        return nodes + (nodes == 1 ? " node" : " nodes");
    }
}

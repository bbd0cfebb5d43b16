// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

import io.tacho.aggregator.view.LiveNode;
import io.tacho.units.Quantity;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Nodes that have not been heard of for long, though they are not given up. */
final class AgeWatch implements Watch {

    private final Condition.Age rule;
    private @Nullable Moment now;

    AgeWatch(Condition.Age rule) {
        this.rule = rule;
    }

    @Override
    public void look(Moment moment) {
        now = moment;
    }

    @Override
    public Map<String, Finding> found() {
        Map<String, Finding> found = new HashMap<>();
        Moment moment = now;
        if (moment != null) {
            for (LiveNode node : moment.nodes()) {
                boolean isSuspect = rule.bound().isBrokenBy(moment.nanos() - node.beatNanos());
                long age = isSuspect ? moment.age(node) : 0;
                if (rule.bound().isBrokenBy(age) && rule.nodes().matches(node.name())) {
                    String text = "no beat for " + Quantity.DURATION.format(age) + " (" + rule + ")";
                    found.put(node.uid(), Finding.of(node, age, text));
                }
            }
        }
        return found;
    }

    @Override
    public @Nullable String over(Alert alert) {
        Moment moment = now;
        if (moment == null) {
            return null;
        }
        return moment.node(alert.uid()) == null ? "the node is gone" : "it beats";
    }
}

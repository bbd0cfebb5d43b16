// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

import io.tacho.aggregator.view.LiveNode;
import io.tacho.model.Quality;
import io.tacho.units.Quantity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A field of a node beyond a bound in some windows in a row. */
final class NodeWatch implements Watch {

    private final Condition.OfNode rule;
    private final Quantity amount;
    /** In how many windows in a row the bound was broken, of the nodes where it is. */
    private final Map<String, Integer> streaks = new HashMap<>();

    private boolean begun;
    private @Nullable Moment now;

    NodeWatch(Condition.OfNode rule) {
        this.rule = rule;
        amount = Amount.of(rule.field().wireName());
    }

    @Override
    public void look(Moment moment) {
        now = moment;
        streaks.keySet().removeIf(uid -> moment.node(uid) == null);
        List<LiveNode> toJudge = begun ? moment.completed() : moment.nodes();
        begun = true;
        for (LiveNode node : toJudge) {
            if (isTold(node) && rule.nodes().matches(node.name())) {
                if (rule.bound().isBrokenBy(value(node))) {
                    streaks.merge(node.uid(), 1, Integer::sum);
                } else {
                    streaks.remove(node.uid());
                }
            }
        }
    }

    private long value(LiveNode node) {
        return rule.field().number(node.envelope().snapshot());
    }

    /** What a node does not tell, or tells of the past, is no number of this window. */
    private boolean isTold(LiveNode node) {
        Quality quality = node.envelope().status().quality().of(rule.field());
        return quality != Quality.UNAVAILABLE && quality != Quality.OLD;
    }

    @Override
    public Map<String, Finding> found() {
        Moment moment = now;
        Map<String, Finding> found = new HashMap<>();
        if (moment == null) {
            return found;
        }
        streaks.forEach((uid, windows) -> {
            LiveNode node = moment.node(uid);
            if (windows >= rule.windows() && node != null) {
                long value = value(node);
                String text = rule.field().wireName() + " " + amount.format(value) + " (" + rule + ")";
                found.put(uid, Finding.of(node, value, text));
            }
        });
        return found;
    }

    @Override
    public @Nullable String over(Alert alert) {
        Moment moment = now;
        if (moment == null) {
            return null;
        }
        LiveNode node = moment.node(alert.uid());
        if (node == null) {
            return "the node is gone";
        }
        if (!rule.nodes().matches(node.name())) {
            return "the rule is not about it any more";
        }
        return streaks.containsKey(alert.uid()) || !isTold(node)
                ? null
                : rule.field().wireName() + " " + amount.format(value(node));
    }
}

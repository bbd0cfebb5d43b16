// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

import io.tacho.aggregator.view.LiveNode;
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
 * Nodes that were given up for silence, until one of their uid or name is there again, or for an hour: what has not come back
 * by then is not awaited any more.
 */
final class LostWatch implements Watch {

    static final Duration AWAITED = Duration.ofHours(1);

    private static final int REMEMBERED = 10_000;

    private record Loss(Finding finding, long nanos) {}

    private final Condition.Lost rule;
    private final Map<String, Loss> losses = new LinkedHashMap<>();
    /** Of the nodes that are there, once somebody has asked. */
    private final Set<String> names = new HashSet<>();

    private @Nullable Moment now;

    LostWatch(Condition.Lost rule) {
        this.rule = rule;
    }

    @Override
    public void look(Moment moment) {
        now = moment;
        names.clear();
        for (NodeChange turn : moment.turns()) {
            LiveNode node = turn.node();
            if (turn.kind() == Kind.LOST && rule.nodes().matches(node.name())) {
                losses.put(node.uid(), new Loss(Finding.of(node, 0, "lost"), moment.nanos()));
            } else if (turn.kind() == Kind.JOINED) {
                losses.values().removeIf(loss -> isBack(loss.finding(), node));
            }
        }
        losses.values().removeIf(loss -> moment.nanos() - loss.nanos() > AWAITED.toNanos());
        while (losses.size() > REMEMBERED) {
            losses.remove(losses.keySet().iterator().next());
        }
    }

    private static boolean isBack(Finding lost, LiveNode node) {
        return lost.uid().equals(node.uid()) || lost.name().equals(node.name());
    }

    @Override
    public Map<String, Finding> found() {
        Map<String, Finding> found = new HashMap<>();
        losses.forEach((uid, loss) -> found.put(uid, loss.finding()));
        return found;
    }

    /** Also of losses that only somebody else has seen: then it is the nodes that are there that tell. */
    @Override
    public @Nullable String over(Alert alert) {
        Moment moment = now;
        if (moment == null) {
            return null;
        }
        if (names.isEmpty()) {
            moment.nodes().forEach(node -> names.add(node.name()));
        }
        if (moment.node(alert.uid()) != null || names.contains(alert.name())) {
            return "it is back";
        }
        Duration since = Duration.ofMillis(moment.time().toEpochMilli() - alert.sinceMillis());
        return since.compareTo(AWAITED) > 0 ? "not back within 1h, not awaited any more" : null;
    }
}

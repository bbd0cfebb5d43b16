// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

import io.tacho.aggregator.view.LiveNode;
import io.tacho.aggregator.view.NodeChange;
import io.tacho.aggregator.view.NodeList;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The cluster at one moment, as the rules look at it.
 *
 * @param turns who has come and gone since the moment before
 * @param completed the nodes with another completed window than at the moment before
 * @param byUid the same nodes as in the list
 * @param view finds a node with its times as they are: those in a list are of when it last beat, whatever was excused since
 */
record Moment(
        NodeList list,
        Map<String, LiveNode> byUid,
        List<NodeChange> turns,
        List<LiveNode> completed,
        Function<String, Optional<LiveNode>> view,
        long nanos,
        Instant time) {

    static Moment of(
            NodeList list,
            List<NodeChange> turns,
            Windows windows,
            Function<String, Optional<LiveNode>> view,
            long nanos,
            Instant time) {
        Map<String, LiveNode> byUid = new HashMap<>(list.nodes().size() * 2);
        list.nodes().forEach(node -> byUid.put(node.uid(), node));
        return new Moment(list, byUid, turns, windows.completed(list, byUid.keySet(), time), view, nanos, time);
    }

    List<LiveNode> nodes() {
        return list.nodes();
    }

    /** The node of that uid; null where it is gone. */
    @Nullable
    LiveNode node(String uid) {
        return byUid.get(uid);
    }

    /** How long ago a node's last beat is; what could not be heard is excused. */
    long age(LiveNode node) {
        return nanos - view.apply(node.uid()).orElse(node).beatNanos();
    }
}

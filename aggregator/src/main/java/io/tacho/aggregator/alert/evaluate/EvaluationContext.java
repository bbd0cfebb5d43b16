// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.evaluate;

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
 * The state of the cluster that one evaluation of all rules uses.
 *
 * @param nodesByUid the nodes of the list by uid
 * @param membershipChanges nodes that joined, left or were lost since the previous evaluation
 * @param nodesWithNewWindow the nodes that completed a window since the previous evaluation
 * @param currentNode returns the node of a uid as the view has it now, with the beat time corrected for outages; the beat times in the
 *     list are not corrected
 * @param nanos the monotonic time of the evaluation
 * @param time the wall-clock time of the evaluation
 */
public record EvaluationContext(
        NodeList list,
        Map<String, LiveNode> nodesByUid,
        List<NodeChange> membershipChanges,
        List<LiveNode> nodesWithNewWindow,
        Function<String, Optional<LiveNode>> currentNode,
        long nanos,
        Instant time) {

    /** Returns the context of an evaluation, and records the windows that its nodes have completed. */
    public static EvaluationContext of(
            NodeList list,
            List<NodeChange> membershipChanges,
            WindowTracker windows,
            Function<String, Optional<LiveNode>> currentNode,
            long nanos,
            Instant time) {
        Map<String, LiveNode> nodesByUid = new HashMap<>(list.nodes().size() * 2);
        list.nodes().forEach(node -> nodesByUid.put(node.uid(), node));
        List<LiveNode> nodesWithNewWindow = windows.nodesWithNewWindow(list, nodesByUid.keySet(), time);
        return new EvaluationContext(
                list, nodesByUid, membershipChanges, nodesWithNewWindow, currentNode, nanos, time);
    }

    List<LiveNode> nodes() {
        return list.nodes();
    }

    /** Returns the node of a uid, or null if it is not in the list. */
    @Nullable
    LiveNode node(String uid) {
        return nodesByUid.get(uid);
    }

    /** Returns the nanoseconds since a node's last beat, without the time in which Redis was not reachable. */
    long age(LiveNode node) {
        return nanos - currentNode.apply(node.uid()).orElse(node).beatNanos();
    }
}

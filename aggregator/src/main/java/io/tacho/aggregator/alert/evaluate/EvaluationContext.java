// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.evaluate;

import io.tacho.aggregator.cluster.ClusterTotals;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.KnownNode;
import io.tacho.aggregator.view.NodeChange;
import io.tacho.aggregator.view.NodeList;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The state of the cluster that one evaluation of all rules uses.
 *
 * <p>Thread safety: confined to one thread.
 */
public final class EvaluationContext {

    private final NodeList list;
    private final Map<String, KnownNode> nodesByUid;
    private final List<NodeChange> membershipChanges;
    private final List<KnownNode> nodesWithNewWindow;
    private final ClusterView view;
    private final long nanos;
    private final Instant time;
    private final Supplier<ClusterTotals> totals;
    private @Nullable ClusterTotals clusterTotals;

    /**
     * Creates the context of an evaluation, and records the windows that its nodes have completed.
     *
     * @param membershipChanges nodes that joined, left or were lost since the previous evaluation
     * @param view the view of the list, with the beat times corrected for outages; the beat times in the list are not corrected
     * @param totals returns the totals of the view
     * @param nanos the monotonic time of the evaluation
     * @param time the wall-clock time of the evaluation
     */
    public EvaluationContext(
            NodeList list,
            List<NodeChange> membershipChanges,
            MetricsWindowTracker windows,
            ClusterView view,
            Supplier<ClusterTotals> totals,
            long nanos,
            Instant time) {
        this.list = list;
        this.membershipChanges = membershipChanges;
        this.view = view;
        this.totals = totals;
        this.nanos = nanos;
        this.time = time;
        nodesByUid = new HashMap<>(list.nodes().size() * 2);
        list.nodes().forEach(node -> nodesByUid.put(node.uid(), node));
        nodesWithNewWindow = windows.nodesWithNewWindow(list, nodesByUid.keySet(), time);
    }

    List<KnownNode> nodes() {
        return list.nodes();
    }

    /** Returns the node of a uid, or null if it is not in the view. */
    @Nullable
    KnownNode node(String uid) {
        return nodesByUid.get(uid);
    }

    /** Returns nodes that joined, left or were lost since the previous evaluation. */
    List<NodeChange> membershipChanges() {
        return membershipChanges;
    }

    /** Returns the nodes that completed a metrics window since the previous evaluation. */
    List<KnownNode> nodesWithNewWindow() {
        return nodesWithNewWindow;
    }

    /** Returns the cluster totals, the same for all rules. */
    ClusterTotals clusterTotals() {
        ClusterTotals known = clusterTotals;
        if (known == null) {
            known = totals.get();
            clusterTotals = known;
        }
        return known;
    }

    long metricsIntervalSeconds() {
        return list.metricsIntervalSeconds();
    }

    /** Returns the nanoseconds since a node's last beat, without the time in which Redis was not reachable. */
    long beatAge(KnownNode node) {
        return nanos - view.find(node.uid()).orElse(node).beatNanos();
    }

    /** Returns whether the beats of a node arrive: false if its partition is disconnected. */
    boolean isConnected(KnownNode node) {
        return view.isConnected(node);
    }

    /** Returns false if there may be nodes that the view has never contained, because their partition was never connected. */
    boolean isEveryPartitionKnown() {
        return view.isEveryPartitionKnown();
    }

    /** {@return the monotonic time of the evaluation} */
    long nanos() {
        return nanos;
    }

    /** {@return the wall-clock time of the evaluation} */
    Instant time() {
        return time;
    }
}

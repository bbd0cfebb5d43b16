// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.evaluate;

import io.tacho.aggregator.cluster.ClusterTotals;
import io.tacho.aggregator.outlier.OutlierReport;
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
 * The input of one evaluation of all rules: the nodes, what has changed since the previous evaluation, and the time.
 *
 * <p>Thread safety: confined to one thread.
 */
public final class EvaluationContext {

    private final NodeList list;
    private final Map<String, KnownNode> nodesByUid;
    private final List<NodeChange> membershipChanges;
    private final List<KnownNode> nodesWithNewWindow;
    private final ClusterView view;
    private final long nanoTime;
    private final Instant time;
    private final Supplier<ClusterTotals> totals;
    private final OutlierReport outliers;
    private @Nullable ClusterTotals clusterTotals;

    /**
     * Creates the context of an evaluation, and lets the tracker detect which nodes have completed a window.
     *
     * @param membershipChanges the nodes that joined, left or were lost since the previous evaluation
     * @param view the view of the list, with the beat times corrected for outages; the beat times in the list are not corrected
     * @param totals returns the totals of the view
     * @param outliers the nodes that deviate from their peers
     * @param nanoTime the monotonic time of the evaluation
     * @param time the wall-clock time of the evaluation
     */
    public EvaluationContext(
            NodeList list,
            List<NodeChange> membershipChanges,
            MetricsWindowTracker windowTracker,
            ClusterView view,
            Supplier<ClusterTotals> totals,
            OutlierReport outliers,
            long nanoTime,
            Instant time) {
        this.list = list;
        this.membershipChanges = membershipChanges;
        this.view = view;
        this.totals = totals;
        this.outliers = outliers;
        this.nanoTime = nanoTime;
        this.time = time;
        nodesByUid = new HashMap<>(list.nodes().size() * 2);
        list.nodes().forEach(node -> nodesByUid.put(node.uid(), node));
        nodesWithNewWindow = windowTracker.detectNewWindows(list, nodesByUid.keySet(), time);
    }

    /** Returns all nodes of the view. */
    List<KnownNode> nodes() {
        return list.nodes();
    }

    /** Returns the node with a uid, or null if it is not in the view. */
    @Nullable
    KnownNode findNode(String uid) {
        return nodesByUid.get(uid);
    }

    /** Returns why a node is not in the view, as the reason for which its alerts are resolved. */
    String reasonForAbsence(String uid) {
        boolean isLost = membershipChanges.stream()
                .anyMatch(change -> change.kind() == NodeChange.Kind.LOST
                        && change.node().uid().equals(uid));
        return isLost ? Alert.NODE_LOST : "the node is gone";
    }

    /** Returns the nodes that joined, left or were lost since the previous evaluation. */
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

    /** Returns the nodes that deviate from their peers. */
    OutlierReport outliers() {
        return outliers;
    }

    /** Returns the length of the metrics window of most nodes. */
    long metricsIntervalSeconds() {
        return list.metricsIntervalSeconds();
    }

    /** Returns the nanoseconds since a node's last beat, without the time in which Redis was not reachable. */
    long beatAgeNanos(KnownNode node) {
        return nanoTime - view.find(node.uid()).orElse(node).beatNanos();
    }

    /** Returns whether the beats of a node arrive: false if its partition is disconnected. */
    boolean isConnected(KnownNode node) {
        return view.isConnected(node);
    }

    /** Returns false if there may be nodes that the view has never contained, because their partition was never connected. */
    boolean isEveryPartitionLoadedOnce() {
        return view.isEveryPartitionLoadedOnce();
    }

    /** {@return the monotonic time of the evaluation} */
    long nanoTime() {
        return nanoTime;
    }

    /** {@return the wall-clock time of the evaluation} */
    Instant time() {
        return time;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import io.tacho.aggregator.view.NodeChange.Kind;
import io.tacho.aggregator.view.NodeHolder.Placement;
import io.tacho.aggregator.view.detail.DetailBudget;
import io.tacho.aggregator.view.detail.DetailStatus;
import io.tacho.model.MembershipEvent;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.Partitions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of the view, by uid and in order, with the log of their changes and the budget of their details.
 *
 * <p>Thread safety: guarded by the view's lock.
 */
final class NodeTable {

    private static final long DEFAULT_METRICS_INTERVAL = 60;

    private final Map<String, NodeHolder> byUid = new HashMap<>();
    /** The number of nodes in each partition. */
    private final Map<Placement, Integer> sizes = new HashMap<>();

    private final EarliestDeadline earliestDeadline = new EarliestDeadline();
    private final SortedNodes ordered = new SortedNodes();
    private final ChangeLog log = new ChangeLog();
    private final DetailBudget details;
    private final ViewMetrics metrics;
    private NodeList list = new NodeList(0, List.of(), DEFAULT_METRICS_INTERVAL);
    /** Written under the lock, read without it. */
    private volatile long version;

    NodeTable(long maxDetailBytes, ViewMetrics metrics) {
        details = new DetailBudget(maxDetailBytes);
        this.metrics = metrics;
    }

    @Nullable
    NodeHolder holder(String uid) {
        return byUid.get(uid);
    }

    @Nullable
    KnownNode find(String uid) {
        NodeHolder holder = byUid.get(uid);
        return holder == null ? null : holder.node();
    }

    /** {@return the node if its last beat is still the given one; null otherwise} */
    @Nullable
    NodeHolder holderIfUnchanged(KnownNode node) {
        return withBeat(node.envelope());
    }

    private @Nullable NodeHolder withBeat(SnapshotEnvelope beat) {
        NodeHolder holder = byUid.get(beat.uid());
        return holder != null && holder.node().seq() == beat.seq() ? holder : null;
    }

    /** Renews the deadline of the node if its last beat is the given one and has no more than is known; returns whether it is. */
    boolean renewDeadline(SnapshotEnvelope beat, long deadlineNanos) {
        NodeHolder holder = withBeat(beat);
        if (holder == null || holder.node().isCompletedBy(beat.seq(), beat.detail())) {
            return false;
        }
        replace(holder, holder.node().withDeadline(deadlineNanos));
        return true;
    }

    void add(KnownNode node, Partitions partitions, Kind kind, long nowNanos) {
        NodeHolder holder = new NodeHolder(node, partitions.of(node.uid()), partitions.previousOf(node.uid()));
        byUid.put(node.uid(), holder);
        sizes.merge(holder.placement(), 1, Integer::sum);
        earliestDeadline.include(node.deadlineNanos());
        ordered.add(holder);
        details.replace(null, node.heldDetail(), false, nowNanos);
        metrics.running().added(node, nowNanos);
        record(kind, holder);
    }

    void update(NodeHolder holder, KnownNode node, long nowNanos) {
        KnownNode known = holder.node();
        details.replace(known.heldDetail(), node.heldDetail(), known.isOfSameWindow(node), nowNanos);
        metrics.running().updated(known, node, nowNanos);
        boolean renamed = !known.name().equals(node.name());
        if (renamed) {
            ordered.remove(known);
        }
        replace(holder, node);
        if (renamed) {
            ordered.add(holder);
        }
        record(node.isDraining() && !known.isDraining() ? Kind.DRAINING : Kind.UPDATED, holder);
    }

    private void replace(NodeHolder holder, KnownNode node) {
        holder.replace(node);
        earliestDeadline.include(node.deadlineNanos());
    }

    /** Removes the node, if it is in the view. */
    Optional<KnownNode> remove(String uid, Kind kind, long nowNanos) {
        NodeHolder holder = byUid.remove(uid);
        if (holder == null) {
            return Optional.empty();
        }
        KnownNode removed = holder.node();
        sizes.computeIfPresent(holder.placement(), (placement, size) -> size > 1 ? size - 1 : null);
        ordered.remove(removed);
        metrics.running().removed(removed, nowNanos);
        details.retainUntilExpired(removed.heldDetail(), nowNanos);
        record(kind, holder);
        return Optional.of(removed);
    }

    private void record(Kind kind, NodeHolder holder) {
        long next = version + 1;
        log.record(holder, new NodeChange(next, kind, holder.node()));
        version = next;
        MembershipEvent event = kind.membershipEvent();
        if (event != null) {
            metrics.countEvent(event);
        }
    }

    /** {@return a number that grows with every change; may be called without the lock} */
    long version() {
        return version;
    }

    ChangeLog log() {
        return log;
    }

    int size() {
        return byUid.size();
    }

    /** {@return the number of nodes of such partitions} */
    int count(IntPredicate partition) {
        int count = 0;
        for (Map.Entry<Placement, Integer> size : sizes.entrySet()) {
            count += size.getKey().isIn(partition) ? size.getValue() : 0;
        }
        return count;
    }

    /** {@return the nodes that have sent no beat for longer than their TTL} */
    List<KnownNode> suspects(long nowNanos) {
        details.dropExpired(nowNanos);
        if (!earliestDeadline.isBefore(nowNanos)) {
            return List.of();
        }
        earliestDeadline.reset();
        List<KnownNode> suspects = new ArrayList<>();
        for (NodeHolder holder : byUid.values()) {
            KnownNode node = holder.node();
            earliestDeadline.include(node.deadlineNanos());
            if (nowNanos - node.deadlineNanos() > 0) {
                suspects.add(node);
            }
        }
        return suspects;
    }

    NodeStateCounts stateCounts(long nowNanos) {
        int stale = 0;
        int draining = 0;
        for (NodeHolder holder : byUid.values()) {
            KnownNode node = holder.node();
            if (nowNanos - node.deadlineNanos() > 0) {
                stale++;
            } else if (node.isDraining()) {
                draining++;
            }
        }
        return new NodeStateCounts(byUid.size() - draining - stale, draining, stale);
    }

    /** Gives every node of a partition its whole TTL from now on. */
    void renewDeadlines(int partition, long nowNanos) {
        IntPredicate ofPartition = other -> other == partition;
        if (count(ofPartition) == 0) {
            return;
        }
        for (NodeHolder holder : byUid.values()) {
            if (holder.placement().isIn(ofPartition)) {
                KnownNode node = holder.node();
                long deadline = nowNanos + TimeUnit.MILLISECONDS.toNanos(node.ttlMillis());
                replace(holder, node.withBeatAt(nowNanos, Math.max(deadline, node.deadlineNanos())));
            }
        }
    }

    /** {@return all nodes; the same object for as long as nothing changes} */
    NodeList list() {
        if (list.version() != version) {
            list = NodeList.of(version, ordered.nodes(), list.metricsIntervalSeconds());
        }
        return list;
    }

    SortedNodes ordered() {
        return ordered;
    }

    DetailStatus detailStatus() {
        return details.status();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import io.tacho.aggregator.view.NodeChange.Kind;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.MembershipEvent;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.Partitions;
import io.tacho.store.StoredSnapshot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The last known state of every node. Of two beats of one uid the one with the higher {@code seq} counts, in whichever order
 * they arrive. The store decides whether a node is a member: a message alone does not add a node. Ages are measured on this
 * process' own monotonic clock; clocks of nodes are never compared.
 *
 * <p>Thread safety: safe.
 */
public final class ClusterView {

    /** The effect of a beat on the view. */
    public enum BeatEffect {
        /** The node was added. */
        JOINED,
        /** The node was updated. */
        UPDATED,
        /** The beat was ignored: the view has this or a newer one already, or the node has left. */
        OUTDATED,
        /** The beat was ignored: the node is not in the view, and the store has to confirm first that it exists. */
        UNKNOWN,
        /** The beat was ignored: the view is full. */
        REJECTED
    }

    private static final long DEFAULT_METRICS_INTERVAL = 60;

    /** The tolerated delay of a message or a load; after it the store is asked whether the node is a member. */
    private static final long LATE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final SnapshotCodec codec;
    private final LongSupplier nanoTime;
    private final int maxNodes;
    private final Partitions partitions;

    private final Map<String, NodeHolder> byUid = new HashMap<>();
    private final SortedNodes ordered = new SortedNodes();
    private final Tombstones tombstones = new Tombstones();
    private final ChangeLog log = new ChangeLog();
    private final DetailBudget details;
    private final SubscriptionState subscription;
    private final ViewMetrics metrics;
    private final WriterConflicts conflicts;
    private NodeList list = new NodeList(0, List.of(), DEFAULT_METRICS_INTERVAL);
    /** Written under the lock, read without it. */
    private volatile long version;

    /** Creates an empty view of a cluster with one partition, without a limit of detail. */
    public ClusterView(SnapshotCodec codec, LongSupplier nanoTime, int maxNodes) {
        this(codec, nanoTime, maxNodes, Partitions.ONE);
    }

    /** An empty view without a limit of detail. */
    public ClusterView(SnapshotCodec codec, LongSupplier nanoTime, int maxNodes, Partitions partitions) {
        this(codec, nanoTime, maxNodes, partitions, Long.MAX_VALUE);
    }

    /**
     * Creates an empty view.
     *
     * @param codec encodes the entries
     * @param nanoTime monotonic clock
     * @param maxNodes more nodes are rejected
     * @param partitions the partitions of the source
     * @param maxDetailBytes the memory for histograms and sketches of all nodes
     */
    public ClusterView(
            SnapshotCodec codec, LongSupplier nanoTime, int maxNodes, Partitions partitions, long maxDetailBytes) {
        this.codec = codec;
        this.nanoTime = nanoTime;
        this.maxNodes = maxNodes;
        this.partitions = partitions;
        details = new DetailBudget(maxDetailBytes);
        subscription = new SubscriptionState(partitions.count(), nanoTime, this::version);
        metrics = new ViewMetrics(nanoTime);
        conflicts = new WriterConflicts(nanoTime);
    }

    /** {@return whether the view is ready, and which part of the cluster it does not follow} */
    public ViewStatus status() {
        return subscription.status();
    }

    /** {@return whether every partition has been loaded once: none of its nodes is missing from the view} */
    public boolean isEveryPartitionKnown() {
        return subscription.isEveryPartitionKnown();
    }

    /** {@return whether the partition of a node is connected, so that its beats arrive} */
    public boolean isConnected(KnownNode node) {
        return subscription.isReady(partitions.of(node.uid()));
    }

    /** {@return the number of nodes in disconnected partitions} */
    public synchronized int disconnectedNodes() {
        return subscription.status().isComplete()
                ? 0
                : (int) byUid.values().stream()
                        .filter(entry -> !subscription.isReady(entry.partition))
                        .count();
    }

    /** {@return the state of the subscription that feeds the view, for the collector to change} */
    public SubscriptionState subscription() {
        return subscription;
    }

    /** {@return counters of received messages and of membership changes} */
    public ViewMetrics metrics() {
        return metrics;
    }

    /** {@return the uids that several agents publish} */
    public WriterConflicts conflicts() {
        return conflicts;
    }

    /**
     * Applies a beat that arrived by a message: an update of a known node, or a hint that there may be a new one. The store, not
     * the message, decides how long the node lives.
     */
    public BeatEffect onBeat(SnapshotEnvelope beat) {
        KnownNode known;
        synchronized (this) {
            known = findKnown(beat.uid());
            if (tombstones.isBeforeDeparture(beat, nanoTime.getAsLong())
                    || (known != null && known.seq() >= beat.seq())) {
                return BeatEffect.OUTDATED;
            }
            if (known == null) {
                return byUid.size() < maxNodes ? BeatEffect.UNKNOWN : BeatEffect.REJECTED;
            }
        }
        return insertOrUpdate(toNode(beat, known, known.ttlMillis(), known.ttlMillis()));
    }

    /** Adds or updates a node with its entry in the store. */
    public BeatEffect onLoaded(StoredSnapshot stored) {
        return renewDeadline(stored) ? BeatEffect.OUTDATED : insertOrUpdate(toNode(stored));
    }

    private KnownNode toNode(StoredSnapshot stored) {
        SnapshotEnvelope beat = stored.envelope();
        return toNode(beat, find(beat.uid()).orElse(null), beat.ttlMillis(), stored.remainingMillis());
    }

    private KnownNode toNode(SnapshotEnvelope beat, @Nullable KnownNode known, long ttlMillis, long remainingMillis) {
        long now = nanoTime.getAsLong();
        long silentMillis = Math.max(0, ttlMillis - remainingMillis);
        return new KnownNode(
                beat.withoutDetail(),
                NodeDetail.of(beat.detail(), known),
                codec.encodeNode(beat.snapshot()),
                ttlMillis,
                now - TimeUnit.MILLISECONDS.toNanos(silentMillis),
                now + TimeUnit.MILLISECONDS.toNanos(remainingMillis));
    }

    /** Renews the deadline of a node whose known beat is read again. */
    private synchronized boolean renewDeadline(StoredSnapshot stored) {
        NodeHolder entry = byUid.get(stored.envelope().uid());
        if (entry == null || entry.node().seq() != stored.envelope().seq()) {
            return false;
        }
        long lives = TimeUnit.MILLISECONDS.toNanos(stored.remainingMillis());
        entry.replace(entry.node().withDeadline(nanoTime.getAsLong() + lives));
        return true;
    }

    private synchronized BeatEffect insertOrUpdate(KnownNode node) {
        if (tombstones.isBeforeDeparture(node.envelope(), nanoTime.getAsLong())) {
            return BeatEffect.OUTDATED;
        }
        NodeHolder entry = byUid.get(node.uid());
        KnownNode known = entry == null ? null : entry.node();
        if (known == null && byUid.size() >= maxNodes) {
            return BeatEffect.REJECTED;
        }
        if (known != null && known.seq() >= node.seq()) {
            // a message was faster; if it was forged, the node becomes a suspect
            return BeatEffect.OUTDATED;
        }
        tombstones.remove(node.uid());
        if (entry == null) {
            entry = new NodeHolder(node, partitions.of(node.uid()));
            byUid.put(node.uid(), entry);
            ordered.add(entry);
            details.replace(null, node, nanoTime.getAsLong());
        } else {
            replaceNode(entry, node);
        }
        // a node that was there before its partition was first reached has not joined
        boolean isFound = known == null && subscription.isFirstLoad(entry.partition);
        recordChange(isFound ? Kind.UPDATED : changeKindOf(known, node), entry);
        return known == null ? BeatEffect.JOINED : BeatEffect.UPDATED;
    }

    private void replaceNode(NodeHolder entry, KnownNode node) {
        details.replace(entry.node(), node, nanoTime.getAsLong());
        boolean renamed = !entry.node().name().equals(node.name());
        if (renamed) {
            ordered.remove(entry.node());
        }
        entry.replace(node);
        if (renamed) {
            ordered.add(entry);
        }
    }

    private @Nullable KnownNode findKnown(String uid) {
        NodeHolder entry = byUid.get(uid);
        return entry == null ? null : entry.node();
    }

    /** Removes the node that announced its departure with this message; returns the node if it was in the view. */
    public synchronized Optional<KnownNode> onLeave(LeaveEnvelope message) {
        KnownNode known = findKnown(message.uid());
        if (known != null && known.seq() > message.seq()) {
            return Optional.empty();
        }
        tombstones.add(message.uid(), message.seq(), message.writer(), nanoTime.getAsLong() + LATE_NANOS);
        return remove(message.uid(), Kind.LEFT);
    }

    /**
     * Gives a suspect the state of its entry in the store, which overrides messages. Changes nothing if the node has sent a beat
     * since.
     *
     * @param suspect the node as it was when the store was read
     */
    public void confirm(KnownNode suspect, StoredSnapshot stored) {
        KnownNode truth = toNode(stored);
        synchronized (this) {
            NodeHolder entry = byUid.get(suspect.uid());
            if (entry != null && entry.node().seq() == suspect.seq()) {
                Kind kind = changeKindOf(entry.node(), truth);
                replaceNode(entry, truth);
                recordChange(kind, entry);
            }
        }
    }

    /**
     * Evicts a suspect that has no entry in the store: it is lost. Changes nothing if the node has sent a beat since.
     *
     * @param suspect the node as it was when the store was read
     * @return the node, if it is lost
     */
    public synchronized Optional<KnownNode> evict(KnownNode suspect) {
        KnownNode known = findKnown(suspect.uid());
        return known != null && known.seq() == suspect.seq() ? remove(suspect.uid(), Kind.LOST) : Optional.empty();
    }

    /**
     * Removes a node that its restarted successor has replaced, unless the node has sent a beat since; returns the removed node.
     * Its entry in the store is obsolete; a new beat adds it again.
     */
    public synchronized Optional<KnownNode> removeReplaced(KnownNode predecessor) {
        KnownNode known = findKnown(predecessor.uid());
        if (known == null || known.seq() != predecessor.seq()) {
            return Optional.empty();
        }
        tombstones.add(
                known.uid(), known.seq(), known.envelope().status().writer(), known.deadlineNanos() + LATE_NANOS);
        return remove(known.uid(), Kind.RESTARTED);
    }

    private Optional<KnownNode> remove(String uid, Kind kind) {
        NodeHolder entry = byUid.remove(uid);
        if (entry == null) {
            return Optional.empty();
        }
        ordered.remove(entry.node());
        details.retire(entry.node(), nanoTime.getAsLong());
        recordChange(kind, entry);
        return Optional.of(entry.node());
    }

    private static Kind changeKindOf(@Nullable KnownNode known, KnownNode node) {
        if (known == null) {
            return Kind.JOINED;
        }
        return node.isDraining() && !known.isDraining() ? Kind.DRAINING : Kind.UPDATED;
    }

    private void recordChange(Kind kind, NodeHolder entry) {
        long next = version + 1;
        log.record(entry, new NodeChange(next, kind, entry.node()));
        version = next;
        MembershipEvent event = kind.membershipEvent();
        if (event != null) {
            metrics.countEvent(event);
        }
    }

    /** {@return the version of the view, a number that grows with every change} */
    public long version() {
        return version;
    }

    /**
     * Returns all changes after a cursor, whether or not the view is ready.
     *
     * @param limit the maximum number of changes
     * @return empty if some of the membership changes are no longer kept; the last 10,000 are kept
     */
    public synchronized Optional<ChangeBatch> changesAfter(ViewCursor after, int limit) {
        return log.changesAfter(after, limit, version);
    }

    /**
     * Returns the membership changes after a cursor, the last 10,000 at most; none while the view is not ready. Nodes that were
     * there when the view became ready, or their partition was connected, for the first time are not reported as joined.
     */
    public synchronized ChangeBatch membershipChangesAfter(ViewCursor after) {
        if (!subscription.status().isReady()) {
            return new ChangeBatch(List.of(), after);
        }
        if (after.equals(ViewCursor.START)) {
            return new ChangeBatch(List.of(), ViewCursor.atVersion(version));
        }
        return log.membershipChangesAfter(
                after.equals(ViewCursor.SINCE_READY) ? ViewCursor.atVersion(subscription.firstReadyVersion()) : after,
                version);
    }

    /** {@return the suspects: nodes that have sent no beat for longer than their TTL} */
    public synchronized List<KnownNode> suspects() {
        long now = nanoTime.getAsLong();
        details.dropExpired(now);
        return byUid.values().stream()
                .map(NodeHolder::node)
                .filter(node -> now - node.deadlineNanos() > 0)
                .toList();
    }

    /** {@return the number of nodes in each state} */
    public synchronized NodeStateCounts stateCounts() {
        long now = nanoTime.getAsLong();
        int stale = 0;
        int draining = 0;
        for (NodeHolder entry : byUid.values()) {
            KnownNode node = entry.node();
            if (now - node.deadlineNanos() > 0) {
                stale++;
            } else if (node.isDraining()) {
                draining++;
            }
        }
        return new NodeStateCounts(byUid.size() - draining - stale, draining, stale);
    }

    /** {@return the nodes whose restarted successor, of the same name on the same host, sends beats while they do not} */
    public synchronized List<KnownNode> replacedNodes() {
        return ordered.replacedNodes(nanoTime.getAsLong());
    }

    /** Gives every node of a partition its whole TTL from now on, after a time in which no beat could be received. */
    public synchronized void renewDeadlines(int partition) {
        long now = nanoTime.getAsLong();
        for (NodeHolder entry : byUid.values()) {
            if (entry.partition == partition) {
                KnownNode node = entry.node();
                long deadline = now + TimeUnit.MILLISECONDS.toNanos(node.ttlMillis());
                entry.replace(node.withBeatAt(now, Math.max(deadline, node.deadlineNanos())));
            }
        }
    }

    /** {@return all nodes; the same object for as long as nothing changes} */
    public synchronized NodeList nodeList() {
        if (list.version() != version) {
            list = NodeList.of(version, ordered.nodes(), list.metricsIntervalSeconds());
        }
        return list;
    }

    /** {@return the nodes of each name that more than one node has} */
    public synchronized Map<String, List<KnownNode>> nodesByDuplicateName() {
        return ordered.nodesByDuplicateName();
    }

    /** {@return the node with this uid, or empty if it is not in the view} */
    public synchronized Optional<KnownNode> find(String uid) {
        return Optional.ofNullable(findKnown(uid));
    }

    /** {@return whether the node is in the view} */
    public synchronized boolean contains(String uid) {
        return byUid.containsKey(uid);
    }

    /** {@return the memory of the nodes' histograms and sketches} */
    public synchronized DetailStatus detailStatus() {
        return details.status();
    }

    /** {@return the number of nodes} */
    public synchronized int size() {
        return byUid.size();
    }

    /** {@return the maximum number of nodes} */
    public int maxNodes() {
        return maxNodes;
    }
}

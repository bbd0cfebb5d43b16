// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import io.tacho.aggregator.view.NodeChange.Kind;
import io.tacho.aggregator.view.detail.DetailStatus;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.Partitions;
import io.tacho.store.StoredSnapshot;
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

    /** The tolerated delay of a message or a load; after it the store is asked whether the node is a member. */
    private static final long LATE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final SnapshotCodec codec;
    private final LongSupplier nanoTime;
    private final int maxNodes;
    private final Partitions partitions;
    private final NodeTable table;
    private final Tombstones tombstones = new Tombstones();
    private final SubscriptionState subscription;
    private final ViewMetrics metrics;
    private final WriterConflicts conflicts;

    /** Creates an empty view of a cluster with one partition, without a limit of detail. */
    public ClusterView(SnapshotCodec codec, LongSupplier nanoTime, int maxNodes) {
        this(codec, nanoTime, maxNodes, Partitions.ONE, Long.MAX_VALUE);
    }

    /**
     * Creates an empty view.
     *
     * @param maxNodes more nodes are rejected
     * @param maxDetailBytes the memory for histograms and sketches of all nodes
     */
    public ClusterView(
            SnapshotCodec codec, LongSupplier nanoTime, int maxNodes, Partitions partitions, long maxDetailBytes) {
        this.codec = codec;
        this.nanoTime = nanoTime;
        this.maxNodes = maxNodes;
        this.partitions = partitions;
        subscription = new SubscriptionState(partitions.count(), nanoTime, this::version);
        metrics = new ViewMetrics(nanoTime);
        table = new NodeTable(maxDetailBytes, metrics);
        conflicts = new WriterConflicts(nanoTime);
    }

    /** {@return whether the view is ready, and which part of the cluster it does not follow} */
    public ViewStatus status() {
        return subscription.status();
    }

    /** {@return whether every partition has been loaded once: none of its nodes is missing from the view} */
    public boolean isEveryPartitionLoadedOnce() {
        return subscription.isEveryPartitionLoadedOnce();
    }

    /** {@return whether the partition of a node is connected, and its previous one, so that its beats arrive} */
    public boolean isConnected(KnownNode node) {
        return partitions.both(node.uid(), subscription::isReady);
    }

    /** {@return the number of nodes in disconnected partitions} */
    public synchronized int disconnectedNodeCount() {
        return subscription.status().isComplete() ? 0 : table.count(partition -> !subscription.isReady(partition));
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
            known = table.find(beat.uid());
            if (tombstones.isBeforeReplacement(beat, nanoTime.getAsLong())
                    || (known != null && known.seq() >= beat.seq())) {
                return BeatEffect.OUTDATED;
            }
            if (known == null) {
                return table.size() < maxNodes ? BeatEffect.UNKNOWN : BeatEffect.REJECTED;
            }
        }
        return insertOrUpdate(toNode(beat, known, known.ttlMillis(), known.ttlMillis()));
    }

    /** Adds or updates a node with its entry in the store, which may have been read before the last messages arrived. */
    public BeatEffect onLoaded(StoredSnapshot stored) {
        return renewDeadline(stored) ? BeatEffect.OUTDATED : insertOrUpdate(toNode(stored));
    }

    /** Adds or updates a node with its entry in the store, which has been read since a time: an earlier leave message was false. */
    public BeatEffect onLoadedSince(long requestedNanos, StoredSnapshot stored) {
        synchronized (this) {
            tombstones.removeFalse(stored.envelope().uid(), requestedNanos);
        }
        return onLoaded(stored);
    }

    private KnownNode toNode(StoredSnapshot stored) {
        SnapshotEnvelope beat = stored.envelope();
        return toNode(beat, find(beat.uid()).orElse(null), beat.ttlMillis(), stored.remainingMillis());
    }

    private KnownNode toNode(SnapshotEnvelope beat, @Nullable KnownNode known, long ttlMillis, long remainingMillis) {
        return KnownNode.of(beat, known, new NodeJson(codec), ttlMillis, remainingMillis, nanoTime.getAsLong());
    }

    /** Renews the deadline of a node whose known beat is read again, with no more than is known. */
    private synchronized boolean renewDeadline(StoredSnapshot stored) {
        long deadline = nanoTime.getAsLong() + TimeUnit.MILLISECONDS.toNanos(stored.remainingMillis());
        return table.renewDeadline(stored.envelope(), deadline);
    }

    private synchronized BeatEffect insertOrUpdate(KnownNode node) {
        if (tombstones.isBeforeDeparture(node.envelope(), nanoTime.getAsLong())) {
            return BeatEffect.OUTDATED;
        }
        NodeHolder entry = table.holder(node.uid());
        if (entry == null && table.size() >= maxNodes) {
            return BeatEffect.REJECTED;
        }
        if (entry != null && entry.node().isAsNewAs(node)) {
            // a message was faster; if it was forged, the node becomes a suspect
            return BeatEffect.OUTDATED;
        }
        tombstones.remove(node.uid());
        if (entry != null) {
            table.update(entry, node, nanoTime.getAsLong());
            return BeatEffect.UPDATED;
        }
        // a node that was there before its partition was first reached has not joined
        boolean joined = partitions.both(node.uid(), partition -> !subscription.isLateFirstLoad(partition));
        table.add(node, partitions, joined ? Kind.JOINED : Kind.UPDATED, nanoTime.getAsLong());
        return BeatEffect.JOINED;
    }

    /** Removes the node that announced its departure with this message; returns the node if it was in the view. */
    public synchronized Optional<KnownNode> onLeave(LeaveEnvelope message) {
        KnownNode known = table.find(message.uid());
        if (known != null && known.seq() > message.seq()) {
            return Optional.empty();
        }
        long now = nanoTime.getAsLong();
        // a node that was moved may have left an entry in its previous partition
        long ttlMillis = known == null || partitions.previous().isEmpty() ? 0 : known.ttlMillis();
        tombstones.addLeft(message, ttlMillis > 0, now, now + LATE_NANOS + TimeUnit.MILLISECONDS.toNanos(ttlMillis));
        return table.remove(message.uid(), Kind.LEFT, now);
    }

    /**
     * Gives a suspect, as it was when the store was read, the state of its entry there, which overrides messages. Changes nothing
     * if the node has sent a beat since.
     */
    public void confirm(KnownNode suspect, StoredSnapshot stored) {
        KnownNode truth = toNode(stored);
        synchronized (this) {
            NodeHolder entry = table.holderIfUnchanged(suspect);
            if (entry != null) {
                table.update(entry, truth, nanoTime.getAsLong());
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
        return table.holderIfUnchanged(suspect) == null
                ? Optional.empty()
                : table.remove(suspect.uid(), Kind.LOST, nanoTime.getAsLong());
    }

    /**
     * Removes a node that its restarted successor has replaced, unless the node has sent a beat since; returns the removed node.
     * Its entry in the store is obsolete; a new beat adds it again.
     */
    public synchronized Optional<KnownNode> removeReplaced(KnownNode predecessor) {
        NodeHolder entry = table.holderIfUnchanged(predecessor);
        if (entry == null) {
            return Optional.empty();
        }
        KnownNode known = entry.node();
        tombstones.addReplaced(known.envelope(), known.deadlineNanos() + LATE_NANOS);
        return table.remove(known.uid(), Kind.RESTARTED, nanoTime.getAsLong());
    }

    /** {@return the version of the view, a number that grows with every change} */
    public long version() {
        return table.version();
    }

    /**
     * Returns all changes after a cursor, whether or not the view is ready; empty if the log no longer reaches back to the cursor.
     *
     * @return empty if some of the membership changes are no longer kept; the last 10,000 are kept
     */
    public synchronized Optional<ChangeBatch> changesAfter(ViewCursor after, int limit) {
        return table.log().changesAfter(after, limit, version());
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
            return new ChangeBatch(List.of(), ViewCursor.afterVersion(version()));
        }
        boolean sinceReady = after.equals(ViewCursor.SINCE_READY);
        ViewCursor from = sinceReady ? ViewCursor.afterVersion(subscription.firstReadyVersion()) : after;
        return table.log().membershipChangesAfter(from, version());
    }

    /** {@return the suspects: nodes that have sent no beat for longer than their TTL} */
    public synchronized List<KnownNode> suspects() {
        return table.suspects(nanoTime.getAsLong());
    }

    /** {@return the number of nodes in each state} */
    public synchronized NodeStateCounts stateCounts() {
        return table.stateCounts(nanoTime.getAsLong());
    }

    /** {@return the nodes whose restarted successor, of the same name on the same host, sends beats while they do not} */
    public synchronized List<KnownNode> nodesToReplace() {
        return table.ordered().nodesToReplace(nanoTime.getAsLong());
    }

    /** Gives every node of a partition its whole TTL from now on, after a time in which no beat could be received. */
    public synchronized void renewDeadlines(int partition) {
        table.renewDeadlines(partition, nanoTime.getAsLong());
    }

    /** {@return all nodes; the same object for as long as nothing changes} */
    public synchronized NodeList nodeList() {
        return table.list();
    }

    /** {@return the nodes of each name that more than one node has} */
    public synchronized Map<String, List<KnownNode>> nodesByDuplicateName() {
        return table.ordered().nodesByDuplicateName();
    }

    /** {@return the node with this uid, or empty if it is not in the view} */
    public synchronized Optional<KnownNode> find(String uid) {
        return Optional.ofNullable(table.find(uid));
    }

    /** {@return the memory of the nodes' histograms and sketches} */
    public synchronized DetailStatus detailStatus() {
        return table.detailStatus();
    }

    /** {@return the number of nodes} */
    public synchronized int size() {
        return table.size();
    }

    /** {@return the maximum number of nodes} */
    public int maxNodes() {
        return maxNodes;
    }
}

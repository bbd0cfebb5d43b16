// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import io.tacho.codec.SnapshotCodec;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.SnapshotEnvelope;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The last known truth about every node. Of two messages of one uid the one with the higher {@code seq} counts, in
 * whichever order they come. Ages are measured on this process' own monotonic clock; clocks of nodes are never compared.
 *
 * <p>Thread safety: safe.
 */
public final class ClusterView {

    /** What a message did to the view. */
    public enum Change {
        /** The node was not known. */
        JOINED,
        /** The node's entry is newer now. */
        UPDATED,
        /** The view knows this or better already, or the node has left. */
        OUTDATED,
        /** The view is full. */
        REFUSED
    }

    private record Place(String name, String uid) {
        static final Comparator<Place> ORDER = Comparator.comparing(Place::name).thenComparing(Place::uid);
    }

    /** So many nodes' goodbyes are remembered, so that a late message does not bring them back. */
    private static final int REMEMBERED_LEAVES = 10_000;

    private static final long DEFAULT_METRICS_INTERVAL = 60;

    private final SnapshotCodec codec;
    private final LongSupplier nanoTime;
    private final int maxNodes;

    private final Map<String, LiveNode> byUid = new HashMap<>();
    private final TreeMap<Place, LiveNode> ordered = new TreeMap<>(Place.ORDER);
    private final Map<String, Long> left = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > REMEMBERED_LEAVES;
        }
    };
    private NodeList list = new NodeList(0, List.of(), DEFAULT_METRICS_INTERVAL);
    private long version;

    /**
     * An empty view.
     *
     * @param codec encodes the entries
     * @param nanoTime monotonic clock
     * @param maxNodes more nodes are refused
     */
    public ClusterView(SnapshotCodec codec, LongSupplier nanoTime, int maxNodes) {
        this.codec = codec;
        this.nanoTime = nanoTime;
        this.maxNodes = maxNodes;
    }

    /**
     * Takes in a node's beat.
     *
     * @param livesMillis how long the node is good for from now on
     */
    public Change apply(SnapshotEnvelope beat, long livesMillis) {
        long deadline = nanoTime.getAsLong() + TimeUnit.MILLISECONDS.toNanos(livesMillis);
        // most of what a sweep reads is known, and need not be encoded again
        return renew(beat, deadline)
                ? Change.OUTDATED
                : put(new LiveNode(beat, codec.encodeNode(beat.snapshot()), deadline));
    }

    /** Where a known beat is heard again there is nothing new but how long it lives. */
    private synchronized boolean renew(SnapshotEnvelope beat, long deadlineNanos) {
        LiveNode known = byUid.get(beat.uid());
        if (known == null || known.envelope().seq() != beat.seq()) {
            return false;
        }
        store(known, known.withDeadline(deadlineNanos));
        return true;
    }

    private synchronized Change put(LiveNode node) {
        Long leftAt = left.get(node.uid());
        if (leftAt != null && leftAt >= node.envelope().seq()) {
            return Change.OUTDATED;
        }
        LiveNode known = byUid.get(node.uid());
        if (known == null && byUid.size() >= maxNodes) {
            return Change.REFUSED;
        }
        if (known != null && known.envelope().seq() > node.envelope().seq()) {
            return Change.OUTDATED;
        }
        if (known != null && known.envelope().seq() == node.envelope().seq()) {
            // nothing new but how long it lives
            store(known, known.withDeadline(node.deadlineNanos()));
            return Change.OUTDATED;
        }
        left.remove(node.uid());
        store(known, node);
        version++;
        return known == null ? Change.JOINED : Change.UPDATED;
    }

    private void store(@Nullable LiveNode known, LiveNode node) {
        if (known != null && !known.name().equals(node.name())) {
            ordered.remove(place(known));
        }
        byUid.put(node.uid(), node);
        ordered.put(place(node), node);
    }

    /** Takes a node out that said goodbye; tells which one, if it was known. */
    public synchronized Optional<LiveNode> leave(LeaveEnvelope goodbye) {
        LiveNode known = byUid.get(goodbye.uid());
        if (known != null && known.envelope().seq() > goodbye.seq()) {
            return Optional.empty();
        }
        left.merge(goodbye.uid(), goodbye.seq(), Math::max);
        return remove(known);
    }

    /** Takes a node out that is lost, unless it has been heard of since {@code seq}; tells which one. */
    public synchronized Optional<LiveNode> evict(String uid, long seq) {
        LiveNode known = byUid.get(uid);
        return known == null || known.envelope().seq() != seq ? Optional.empty() : remove(known);
    }

    private Optional<LiveNode> remove(@Nullable LiveNode known) {
        if (known == null) {
            return Optional.empty();
        }
        byUid.remove(known.uid());
        ordered.remove(place(known));
        version++;
        return Optional.of(known);
    }

    /** The nodes that have not been heard of for longer than they are good for. */
    public synchronized List<LiveNode> overdue() {
        long now = nanoTime.getAsLong();
        return byUid.values().stream()
                .filter(node -> now - node.deadlineNanos() > 0)
                .toList();
    }

    /** Gives every node its whole TTL from now on: after a time in which nobody could be heard. */
    public synchronized void renewDeadlines() {
        long now = nanoTime.getAsLong();
        for (LiveNode node : List.copyOf(byUid.values())) {
            long deadline = now + TimeUnit.MILLISECONDS.toNanos(node.envelope().ttlMillis());
            if (deadline - node.deadlineNanos() > 0) {
                store(node, node.withDeadline(deadline));
            }
        }
    }

    /** All nodes now; the same object for as long as nothing changes. */
    public synchronized NodeList list() {
        if (list.version() != version) {
            list = NodeList.of(version, ordered.values(), list.metricsIntervalSeconds());
        }
        return list;
    }

    public synchronized boolean holds(String uid) {
        return byUid.containsKey(uid);
    }

    /** How many nodes the view holds. */
    public synchronized int size() {
        return byUid.size();
    }

    private static Place place(LiveNode node) {
        return new Place(node.name(), node.uid());
    }
}

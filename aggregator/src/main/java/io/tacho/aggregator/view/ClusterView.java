// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import io.tacho.aggregator.view.NodeChange.Kind;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.StoredSnapshot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The last known truth about every node. Of two beats of one uid the one with the higher {@code seq} counts, in whichever
 * order they come; whether a node is there at all is for the store to say: a message alone makes no node. Ages are measured
 * on this process' own monotonic clock; clocks of nodes are never compared.
 *
 * <p>Thread safety: safe.
 */
public final class ClusterView {

    /** What a beat did to the view. */
    public enum Change {
        /** The node was not known, and is now. */
        JOINED,
        /** The node's entry is newer now. */
        UPDATED,
        /** The view knows this or better already, or the node has left. */
        OUTDATED,
        /** The node is not known: the store is to be asked. */
        UNKNOWN,
        /** The view is full. */
        REFUSED
    }

    private static final long DEFAULT_METRICS_INTERVAL = 60;

    /** How late a message or a load may be; after that only the store can say that a node is there, and is asked. */
    private static final long LATE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final SnapshotCodec codec;
    private final LongSupplier nanoTime;
    private final int maxNodes;

    private final Map<String, Seat> byUid = new HashMap<>();
    private final NodeOrder ordered = new NodeOrder();
    private final Goodbyes goodbyes = new Goodbyes();
    private final ChangeLog log = new ChangeLog();
    private NodeList list = new NodeList(0, List.of(), DEFAULT_METRICS_INTERVAL);
    /** Written under the lock; whoever polls reads it without. */
    private volatile long version;

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
     * Takes in a beat that was told by a message: news of a node that is known, or a hint that there may be one. How long the
     * node lives is not for the message to say.
     */
    public Change told(SnapshotEnvelope beat) {
        long ttlMillis;
        synchronized (this) {
            LiveNode known = known(beat.uid());
            if (goodbyes.cover(beat, nanoTime.getAsLong()) || (known != null && known.seq() >= beat.seq())) {
                return Change.OUTDATED;
            }
            if (known == null) {
                return byUid.size() < maxNodes ? Change.UNKNOWN : Change.REFUSED;
            }
            ttlMillis = known.ttlMillis();
        }
        return put(node(beat, ttlMillis, ttlMillis));
    }

    /** Takes in an entry as the store has it. */
    public Change loaded(StoredSnapshot stored) {
        return renew(stored) ? Change.OUTDATED : put(node(stored));
    }

    private LiveNode node(StoredSnapshot stored) {
        return node(stored.envelope(), stored.envelope().ttlMillis(), stored.remainingMillis());
    }

    private LiveNode node(SnapshotEnvelope beat, long ttlMillis, long livesMillis) {
        byte[] entry = codec.encodeNode(beat.snapshot());
        long now = nanoTime.getAsLong();
        long silentMillis = Math.max(0, ttlMillis - livesMillis);
        return new LiveNode(
                beat,
                entry,
                ttlMillis,
                now - TimeUnit.MILLISECONDS.toNanos(silentMillis),
                now + TimeUnit.MILLISECONDS.toNanos(livesMillis));
    }

    /** Where a known beat is read again there is nothing new but how long it lives. */
    private synchronized boolean renew(StoredSnapshot stored) {
        Seat seat = byUid.get(stored.envelope().uid());
        if (seat == null || seat.node().seq() != stored.envelope().seq()) {
            return false;
        }
        long lives = TimeUnit.MILLISECONDS.toNanos(stored.remainingMillis());
        seat.take(seat.node().withDeadline(nanoTime.getAsLong() + lives));
        return true;
    }

    private synchronized Change put(LiveNode node) {
        if (goodbyes.cover(node.envelope(), nanoTime.getAsLong())) {
            return Change.OUTDATED;
        }
        Seat seat = byUid.get(node.uid());
        LiveNode known = seat == null ? null : seat.node();
        if (known == null && byUid.size() >= maxNodes) {
            return Change.REFUSED;
        }
        if (known != null && known.seq() >= node.seq()) {
            // overtaken by a message; if that was not the node's own, its silence will show it
            return Change.OUTDATED;
        }
        goodbyes.forget(node.uid());
        if (seat == null) {
            seat = new Seat(node);
            byUid.put(node.uid(), seat);
            ordered.add(seat);
        } else {
            store(seat, node);
        }
        changed(kind(known, node), seat);
        return known == null ? Change.JOINED : Change.UPDATED;
    }

    private void store(Seat seat, LiveNode node) {
        boolean renamed = !seat.node().name().equals(node.name());
        if (renamed) {
            ordered.remove(seat.node());
        }
        seat.take(node);
        if (renamed) {
            ordered.add(seat);
        }
    }

    private @Nullable LiveNode known(String uid) {
        Seat seat = byUid.get(uid);
        return seat == null ? null : seat.node();
    }

    /** Takes a node out that said goodbye; tells which one, if it was known. */
    public synchronized Optional<LiveNode> leave(LeaveEnvelope goodbye) {
        LiveNode known = known(goodbye.uid());
        if (known != null && known.seq() > goodbye.seq()) {
            return Optional.empty();
        }
        goodbyes.remember(goodbye.uid(), goodbye.seq(), nanoTime.getAsLong() + LATE_NANOS);
        return remove(goodbye.uid(), Kind.LEFT);
    }

    /**
     * Settles what the store says of a node that was overdue: without an entry it is lost, with one it is what the entry
     * says, whatever messages have said. Changes nothing if the node has been heard of since.
     *
     * @param checked the node as it was when the store was asked
     * @param stored the store's answer; null where it has none
     * @return the node, if it is lost
     */
    public Optional<LiveNode> settle(LiveNode checked, @Nullable StoredSnapshot stored) {
        LiveNode truth = stored == null ? null : node(stored);
        synchronized (this) {
            Seat seat = byUid.get(checked.uid());
            if (seat == null || seat.node().seq() != checked.seq()) {
                return Optional.empty();
            }
            if (truth == null) {
                return remove(checked.uid(), Kind.LOST);
            }
            Kind kind = kind(seat.node(), truth);
            store(seat, truth);
            changed(kind, seat);
            return Optional.empty();
        }
    }

    /**
     * Takes a node out whose place another has taken, unless it has been heard of since; tells which one. Its entry in the
     * store is of the past; a new beat brings it back.
     */
    public synchronized Optional<LiveNode> supersede(LiveNode predecessor) {
        LiveNode known = known(predecessor.uid());
        if (known == null || known.seq() != predecessor.seq()) {
            return Optional.empty();
        }
        goodbyes.remember(known.uid(), known.seq(), known.deadlineNanos() + LATE_NANOS);
        return remove(known.uid(), Kind.RESTARTED);
    }

    private Optional<LiveNode> remove(String uid, Kind fate) {
        Seat seat = byUid.remove(uid);
        if (seat == null) {
            return Optional.empty();
        }
        ordered.remove(seat.node());
        changed(fate, seat);
        return Optional.of(seat.node());
    }

    private static Kind kind(@Nullable LiveNode known, LiveNode node) {
        if (known == null) {
            return Kind.JOINED;
        }
        return node.isDraining() && !known.isDraining() ? Kind.DRAINING : Kind.UPDATED;
    }

    private void changed(Kind kind, Seat seat) {
        long next = version + 1;
        log.add(seat, new NodeChange(next, kind, seat.node()));
        version = next;
    }

    /** Grows with every change; {@link NodeList#version()}. */
    public long version() {
        return version;
    }

    /**
     * What has changed after a version.
     *
     * @param turnsAfter comings and goings up to this version are of no interest: only who is there now
     * @param limit not more changes than these
     * @return empty if comings or goings of interest have been forgotten; some ten thousand are kept
     */
    public synchronized Optional<Changes> changes(long after, long turnsAfter, int limit) {
        return log.since(after, turnsAfter, limit, version);
    }

    /** The comings and goings after a version, in their order; of very many the last. */
    public synchronized List<NodeChange> turns(long after) {
        return log.turnsSince(after);
    }

    /** The nodes that have not been heard of for longer than they are good for. */
    public synchronized List<LiveNode> overdue() {
        long now = nanoTime.getAsLong();
        return byUid.values().stream()
                .map(Seat::node)
                .filter(node -> now - node.deadlineNanos() > 0)
                .toList();
    }

    /** How many nodes are in which state now. */
    public synchronized NodeStates states() {
        long now = nanoTime.getAsLong();
        int stale = 0;
        int draining = 0;
        for (Seat seat : byUid.values()) {
            LiveNode node = seat.node();
            if (now - node.deadlineNanos() > 0) {
                stale++;
            } else if (node.isDraining()) {
                draining++;
            }
        }
        return new NodeStates(byUid.size() - draining - stale, draining, stale);
    }

    /** The nodes that have missed a beat while another of the same name on the same host has not: restarted, it seems. */
    public synchronized List<LiveNode> superseded() {
        return ordered.superseded(nanoTime.getAsLong());
    }

    /** Gives every node its whole TTL from now on: after a time in which nobody could be heard. */
    public synchronized void renewDeadlines() {
        long now = nanoTime.getAsLong();
        for (Seat seat : byUid.values()) {
            LiveNode node = seat.node();
            long deadline = now + TimeUnit.MILLISECONDS.toNanos(node.ttlMillis());
            seat.take(node.excusedUntil(now, Math.max(deadline, node.deadlineNanos())));
        }
    }

    /** All nodes now; the same object for as long as nothing changes. */
    public synchronized NodeList list() {
        if (list.version() != version) {
            list = NodeList.of(version, ordered.nodes(), list.metricsIntervalSeconds());
        }
        return list;
    }

    /** The names that more than one node has, with their nodes. */
    public synchronized Map<String, List<LiveNode>> duplicates() {
        return ordered.duplicates();
    }

    /** The node of that uid. */
    public synchronized Optional<LiveNode> find(String uid) {
        return Optional.ofNullable(known(uid));
    }

    /** Whether the node is known. */
    public synchronized boolean holds(String uid) {
        return byUid.containsKey(uid);
    }

    /** How many nodes the view holds. */
    public synchronized int size() {
        return byUid.size();
    }

    /** How many nodes the view can hold. */
    public int maxNodes() {
        return maxNodes;
    }
}

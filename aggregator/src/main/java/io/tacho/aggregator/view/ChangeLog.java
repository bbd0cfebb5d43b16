// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import io.tacho.aggregator.view.NodeChange.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A bounded log of view changes, from which each reader reads the changes after its own cursor.
 *
 * <h2>Problem</h2>
 *
 * <p>A view of 10,000 nodes changes thousands of times a second, and readers are seconds or minutes behind. A queue per reader
 * grows without bound; one bounded queue for all loses changes of slow readers. But a reader does not need each beat of a node,
 * only the last one. It does need each membership change: a node that joined and was lost in between is news.
 *
 * <h2>Structure</h2>
 *
 * <ul>
 *   <li>The <em>index</em>: two parallel arrays, {@code versions} (ascending) and {@code holders}. Each change of a node that is
 *       there appends one slot and makes it the node's last change ({@link NodeHolder#last}). The node's former slot becomes
 *       obsolete. When more than half of the slots are obsolete, they are compacted.
 *   <li>The <em>membership changes</em>: a tree of the last {@value #MAX_MEMBERSHIP_CHANGES}, by version, and at most
 *       {@value #MAX_MEMBERSHIP_BYTES} bytes. Of a node they retain only what readers of these changes need; of a node that joined
 *       only its holder, so that its state is shared with the view. A reader that is behind receives a join with the node's newest
 *       state, which the node's later changes repeat.
 * </ul>
 *
 * <h2>Invariants</h2>
 *
 * <ol>
 *   <li>Versions in the index are strictly ascending, since each change of the view has the next version and is appended. So the
 *       slots after a version are found by binary search.
 *   <li>A slot is current if {@code holders[i].last.version() == versions[i]}, else obsolete. Each node of the view has exactly
 *       one current slot, and a node that is gone has none: {@link #record} clears {@code last} before it appends, and does not
 *       append a departure.
 *   <li>{@code obsolete} is the number of obsolete slots. It is at most {@code max(MIN_CAPACITY, size / 2)}, so the index has at
 *       most about twice as many slots as the view has nodes.
 *   <li>The tree contains every membership change after {@code discardedUpTo}.
 * </ol>
 *
 * <h2>Why a reader misses nothing</h2>
 *
 * <p>Let a reader know the view as of version <i>v</i>, and let the view be at <i>w</i>. A node that changed after <i>v</i> and is
 * there at <i>w</i> has its current slot after <i>v</i> (1, 2), so the reader gets the node's last state. A node that departed after
 * <i>v</i> is in the tree (4), or {@code v < discardedUpTo}, and then the reader has to begin anew instead of receiving an
 * incomplete list. Both parts are merged by version and cut after {@code limit} changes; the reader continues at the version of the
 * last one. A change up to there cannot appear later, because later changes have higher versions. A change of a node that is cut off
 * and updated again before the reader continues moves to a higher version, and is not lost either.
 *
 * <h2>Cost</h2>
 *
 * <p>A beat appends one slot and allocates only its {@link NodeChange}. Compaction visits each slot once after at least as many
 * appends, so the cost of a change is constant on average. A read is a binary search and a walk over at most the slots after it.
 *
 * <p>Thread safety: guarded by the view's lock.
 */
final class ChangeLog {

    static final int MAX_MEMBERSHIP_CHANGES = 10_000;

    private static final long MAX_MEMBERSHIP_BYTES = 16 * 1024 * 1024;

    private static final int MIN_CAPACITY = 256;

    /** The memory of a membership change without its node. */
    private static final int ENTRY_BYTES = 160;

    /** The versions of changes, ascending; {@link #holders} has the nodes that changed. */
    private long[] versions = new long[MIN_CAPACITY];

    private @Nullable NodeHolder[] holders = new @Nullable NodeHolder[MIN_CAPACITY];
    private int size;
    private int obsolete;

    /** The membership changes by version. */
    private final TreeMap<Long, Membership> membership = new TreeMap<>();

    private long membershipBytes;
    /** Membership changes up to this version are no longer all in the tree. */
    private long discardedUpTo;

    /**
     * A retained membership change.
     *
     * @param retained the node after the change; null for a join, which has the node's newest state
     */
    private record Membership(
            long version,
            Kind kind,
            NodeHolder holder,
            @Nullable KnownNode retained) {

        static Membership of(NodeHolder holder, NodeChange change) {
            KnownNode retained =
                    change.kind() == Kind.JOINED ? null : change.node().withoutMetrics();
            if (change.kind().isDeparture()) {
                holder.replace(Objects.requireNonNull(retained));
            }
            return new Membership(change.version(), change.kind(), holder, retained);
        }

        NodeChange change() {
            KnownNode node = retained == null ? holder.node().withoutMetrics() : retained;
            return new NodeChange(version, kind, node);
        }

        int bytes() {
            return ENTRY_BYTES + (retained == null ? 0 : retained.bytesWithoutMetrics());
        }
    }

    /** Adds the newest change of the view; an update replaces earlier updates of the same node. */
    void record(NodeHolder holder, NodeChange change) {
        if (holder.last != null) {
            holder.last = null;
            obsolete++;
        }
        if (!change.kind().isDeparture()) {
            append(holder, change);
        }
        if (obsolete > MIN_CAPACITY && obsolete > size / 2) {
            compact();
        }
        if (change.kind().membershipEvent() != null) {
            Membership added = Membership.of(holder, change);
            membership.put(added.version(), added);
            membershipBytes += added.bytes();
            while (membership.size() > MAX_MEMBERSHIP_CHANGES || membershipBytes > MAX_MEMBERSHIP_BYTES) {
                Membership first = membership.pollFirstEntry().getValue();
                membershipBytes -= first.bytes();
                discardedUpTo = first.version();
            }
        }
    }

    private void append(NodeHolder holder, NodeChange change) {
        if (size == versions.length) {
            versions = Arrays.copyOf(versions, 2 * size);
            holders = Arrays.copyOf(holders, 2 * size);
        }
        versions[size] = change.version();
        holders[size] = holder;
        size++;
        holder.last = change;
    }

    /** Returns the change of a slot, or null if the slot is obsolete. */
    private @Nullable NodeChange currentChange(int slot) {
        NodeHolder holder = holders[slot];
        NodeChange last = holder == null ? null : holder.last;
        return last != null && last.version() == versions[slot] ? last : null;
    }

    /** Removes the obsolete slots. */
    private void compact() {
        int kept = 0;
        for (int slot = 0; slot < size; slot++) {
            if (currentChange(slot) != null) {
                versions[kept] = versions[slot];
                holders[kept] = holders[slot];
                kept++;
            }
        }
        int capacity = Math.max(MIN_CAPACITY, 2 * kept);
        Arrays.fill(holders, kept, size, null);
        if (capacity < versions.length) {
            versions = Arrays.copyOf(versions, capacity);
            holders = Arrays.copyOf(holders, capacity);
        }
        size = kept;
        obsolete = 0;
    }

    /** Returns the last changes of nodes after a version, in order, at most {@code limit}. */
    private List<NodeChange> newestChangesAfter(long version, int limit) {
        int found = Arrays.binarySearch(versions, 0, size, version);
        List<NodeChange> changes = new ArrayList<>();
        for (int slot = found < 0 ? -found - 1 : found + 1; slot < size && changes.size() < limit; slot++) {
            NodeChange last = currentChange(slot);
            if (last != null) {
                changes.add(last);
            }
        }
        return changes;
    }

    /** Returns the membership changes after the cursor, oldest first, without those that are no longer kept. */
    ChangeBatch membershipChangesAfter(ViewCursor cursor, long currentVersion) {
        return new ChangeBatch(
                membership.tailMap(cursor.membershipReadUpTo(), false).values().stream()
                        .map(Membership::change)
                        .toList(),
                cursor.afterReading(currentVersion));
    }

    /**
     * Returns the changes after the cursor, oldest first; of several updates of a node only the last.
     *
     * @param limit the maximum number of changes
     * @param currentVersion the view's version
     * @return empty if not all membership changes after the cursor are kept
     */
    Optional<ChangeBatch> changesAfter(ViewCursor cursor, int limit, long currentVersion) {
        long membershipReadUpTo = cursor.membershipReadUpTo();
        if (membershipReadUpTo < discardedUpTo) {
            return Optional.empty();
        }
        TreeMap<Long, NodeChange> merged = new TreeMap<>();
        newestChangesAfter(cursor.version(), limit).stream()
                .map(change -> change.version() <= membershipReadUpTo ? change.asUpdate() : change)
                .forEach(change -> merged.put(change.version(), change));
        membership.tailMap(membershipReadUpTo, false).values().stream()
                .limit(limit)
                .forEach(change -> merged.computeIfAbsent(change.version(), absent -> change.change()));
        List<NodeChange> changes = merged.values().stream().limit(limit).toList();
        long upTo = changes.size() < limit
                ? currentVersion
                : changes.get(changes.size() - 1).version();
        return Optional.of(new ChangeBatch(changes, cursor.afterReading(upTo)));
    }
}

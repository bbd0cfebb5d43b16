// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import io.tacho.model.LeaveEnvelope;
import io.tacho.model.SnapshotEnvelope;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The departed nodes of the last seconds, with the seq of their last beat, so that a delayed beat does not add a node again. At most
 * {@value #MAX_TOMBSTONES} are kept.
 *
 * <p>Thread safety: guarded by the view's lock.
 */
final class Tombstones {

    /** @param deletedNanos since when the store has no entry; null if the entry still exists there until its TTL expires */
    private record Tombstone(
            long seq,
            @Nullable String writer,
            long untilNanos,
            @Nullable Long deletedNanos) {}

    private static final int MAX_TOMBSTONES = 10_000;

    private final Map<String, Tombstone> byUid = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Tombstone> eldest) {
            return size() > MAX_TOMBSTONES;
        }
    };

    /**
     * Records that a node has announced its departure, and deleted its entry, until a time.
     *
     * @param moved whether another entry of it, by an earlier writer, may exist in its previous partition
     */
    void addLeft(LeaveEnvelope leave, boolean moved, long nowNanos, long untilNanos) {
        add(leave.uid(), new Tombstone(leave.seq(), moved ? null : leave.writer(), untilNanos, nowNanos));
    }

    /** Records until a time that a node is gone, whose entry still exists. */
    void addReplaced(SnapshotEnvelope beat, long untilNanos) {
        add(beat.uid(), new Tombstone(beat.seq(), beat.status().writer(), untilNanos, null));
    }

    /** Of two departures the one with the higher seq counts. */
    private void add(String uid, Tombstone tombstone) {
        byUid.merge(uid, tombstone, (known, added) -> known.seq() > added.seq() ? known : added);
    }

    /** Removes the tombstone of a node that has announced its departure before a time at which its entry existed: it was false. */
    void removeFalse(String uid, long existedNanos) {
        Tombstone tombstone = byUid.get(uid);
        Long deleted = tombstone == null ? null : tombstone.deletedNanos();
        if (deleted != null && existedNanos - deleted > 0) {
            byUid.remove(uid);
        }
    }

    /** Removes the tombstone of a node that has joined again. */
    void remove(String uid) {
        byUid.remove(uid);
    }

    /** {@return whether the beat was sent before the recorded departure of its node, and not by an agent that was started later} */
    boolean isBeforeDeparture(SnapshotEnvelope beat, long nowNanos) {
        return isBefore(byUid.get(beat.uid()), beat, nowNanos);
    }

    /** {@return the same, for a node whose entry still exists, so that the store does not decide} */
    boolean isBeforeReplacement(SnapshotEnvelope beat, long nowNanos) {
        Tombstone tombstone = byUid.get(beat.uid());
        return tombstone != null && tombstone.deletedNanos() == null && isBefore(tombstone, beat, nowNanos);
    }

    private static boolean isBefore(@Nullable Tombstone tombstone, SnapshotEnvelope beat, long nowNanos) {
        return tombstone != null
                && tombstone.seq() >= beat.seq()
                && nowNanos - tombstone.untilNanos() <= 0
                && !isOther(beat.status().writer(), tombstone.writer());
    }

    private static boolean isOther(@Nullable String writer, @Nullable String departed) {
        return writer != null && departed != null && !writer.equals(departed);
    }
}

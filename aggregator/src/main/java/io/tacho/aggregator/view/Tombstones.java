// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

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

    private record Tombstone(long seq, @Nullable String writer, long untilNanos) {}

    private static final int MAX_TOMBSTONES = 10_000;

    private final Map<String, Tombstone> byUid = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Tombstone> eldest) {
            return size() > MAX_TOMBSTONES;
        }
    };

    /** Records the departure of a node until a time; of two departures the one with the higher seq counts. */
    void add(String uid, long seq, @Nullable String writer, long untilNanos) {
        byUid.merge(
                uid,
                new Tombstone(seq, writer, untilNanos),
                (known, added) -> known.seq() > added.seq() ? known : added);
    }

    /** Removes the tombstone of a node that has joined again. */
    void remove(String uid) {
        byUid.remove(uid);
    }

    /** {@return whether the beat was sent before the recorded departure of its node, and not by an agent that was started later} */
    boolean isBeforeDeparture(SnapshotEnvelope beat, long nowNanos) {
        Tombstone tombstone = byUid.get(beat.uid());
        return tombstone != null
                && tombstone.seq() >= beat.seq()
                && nowNanos - tombstone.untilNanos() <= 0
                && !isOther(beat.status().writer(), tombstone.writer());
    }

    private static boolean isOther(@Nullable String writer, @Nullable String departed) {
        return writer != null && departed != null && !writer.equals(departed);
    }
}

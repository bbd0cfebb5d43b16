// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import io.tacho.model.SnapshotEnvelope;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sequence number of the last beat of each node that left, kept for a limited time, so that a delayed beat does not add the node
 * again. Of more
 * than {@value #MAX_TOMBSTONES} the latest are kept.
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

    void add(String uid, long seq, @Nullable String writer, long untilNanos) {
        byUid.merge(
                uid,
                new Tombstone(seq, writer, untilNanos),
                (known, added) -> known.seq() > added.seq() ? known : added);
    }

    void remove(String uid) {
        byUid.remove(uid);
    }

    /** {@return whether the beat is from before the node's departure: not one of the agent that was started after it} */
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

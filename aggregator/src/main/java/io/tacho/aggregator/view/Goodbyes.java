// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import io.tacho.model.SnapshotEnvelope;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers for a while who has left and with which {@code seq}, so that what is late does not bring a node back; of many,
 * the latest.
 *
 * <p>Thread safety: the view's.
 */
final class Goodbyes {

    private record Goodbye(long seq, long untilNanos) {}

    private static final int REMEMBERED = 10_000;

    private final Map<String, Goodbye> byUid = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Goodbye> eldest) {
            return size() > REMEMBERED;
        }
    };

    void remember(String uid, long seq, long untilNanos) {
        byUid.merge(uid, new Goodbye(seq, untilNanos), (known, added) -> known.seq() > added.seq() ? known : added);
    }

    void forget(String uid) {
        byUid.remove(uid);
    }

    /** Whether the beat is from before the node's goodbye, as far as that is remembered. */
    boolean cover(SnapshotEnvelope beat, long nowNanos) {
        Goodbye goodbye = byUid.get(beat.uid());
        return goodbye != null && goodbye.seq() >= beat.seq() && nowNanos - goodbye.untilNanos() <= 0;
    }
}

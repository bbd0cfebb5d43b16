// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import io.tacho.model.SnapshotEnvelope;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers who has left and with which {@code seq}, so that a late message does not bring a node back; of many, the latest.
 *
 * <p>Thread safety: the view's.
 */
final class Goodbyes {

    private static final int REMEMBERED = 10_000;

    private final Map<String, Long> seqByUid = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > REMEMBERED;
        }
    };

    void remember(String uid, long seq) {
        seqByUid.merge(uid, seq, Math::max);
    }

    void forget(String uid) {
        seqByUid.remove(uid);
    }

    /** Whether the beat is from before the node's goodbye. */
    boolean cover(SnapshotEnvelope beat) {
        Long seq = seqByUid.get(beat.uid());
        return seq != null && seq >= beat.seq();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import io.tacho.model.Extras;
import io.tacho.model.MetricsWindow;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.model.WindowDetail;
import io.tacho.store.BeatResult;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The histograms and sketches that the last accepted messages of nodes had. They change once per window, so the messages in between
 * leave them out.
 *
 * <p>Thread safety: safe.
 */
final class PublishedDetail {

    /** More than one publisher has; beyond it messages are complete again. */
    private static final int MAX_NODES = 200_000;

    private record Published(@Nullable MetricsWindow window, WindowDetail detail) {

        static Published of(SnapshotEnvelope beat) {
            return new Published(beat.window(), beat.detail().withExtras(Extras.NONE));
        }
    }

    private final Map<String, Published> byUid = new ConcurrentHashMap<>();

    /** Returns whether an earlier message of the node had the same histograms and sketches in the same window. */
    boolean contains(SnapshotEnvelope beat) {
        Published earlier = byUid.get(beat.uid());
        // the first beat, which a start waits for, needs no comparison: that of records is generated at run time
        return earlier != null && earlier.equals(Published.of(beat));
    }

    /** Notes the result of a beat. */
    void add(SnapshotEnvelope beat, BeatResult result) {
        if (result.outcome() != BeatResult.Outcome.ACCEPTED) {
            // another writer may have published something else
            byUid.remove(beat.uid());
        } else if (beat.detail().isOfWindow()) {
            if (byUid.size() >= MAX_NODES) {
                byUid.clear();
            }
            byUid.put(beat.uid(), Published.of(beat));
        }
    }

    /** Forgets a node that has left. */
    void remove(String uid) {
        byUid.remove(uid);
    }
}

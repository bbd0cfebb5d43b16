// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.BeatResult;
import io.tacho.store.BeatResult.Outcome;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs once when the beats of a uid are rejected, why, and when they are accepted again.
 *
 * <p>Thread safety: safe.
 */
final class RejectedBeats {

    private static final Logger logger = LoggerFactory.getLogger(RejectedBeats.class);

    /** Why the last beat of a uid was rejected. */
    private final Map<String, Outcome> rejected = new ConcurrentHashMap<>();

    void report(SnapshotEnvelope beat, BeatResult result) {
        if (result.outcome() == Outcome.ACCEPTED) {
            if (!rejected.isEmpty() && rejected.remove(beat.uid()) != null) {
                logger.info("beats of {} are accepted again", beat.uid());
            }
        } else if (rejected.put(beat.uid(), result.outcome()) != result.outcome()) {
            if (result.outcome() == Outcome.CONFLICT) {
                logger.warn(
                        "beat of {} rejected: {} publishes this uid; this agent, {}, takes over when that one is silent",
                        beat.uid(),
                        Objects.requireNonNull(result.holder()),
                        beat.status().writer());
            } else {
                logger.warn(
                        "beat of {} rejected: Redis has one with a seq of at least {}; trying again with every beat",
                        beat.uid(),
                        beat.seq());
            }
        }
    }

    void forget(String uid) {
        rejected.remove(uid);
    }
}

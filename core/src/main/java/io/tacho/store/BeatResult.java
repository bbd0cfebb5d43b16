// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import io.tacho.model.Envelope.Writer;
import org.jspecify.annotations.Nullable;

/**
 * The response of the store to a beat.
 *
 * @param outcome whether the beat was accepted
 * @param storeMillis the time of the store's clock, UNIX milliseconds; 0 if it has none of its own
 * @param seq the {@code seq} that is registered; 0 if unknown
 * @param holder the writer whose beats are accepted instead; null unless there is a conflict
 * @param silentMillis the time since the last beat of that writer
 * @param command the command that waits for the node or that it has acknowledged; null for none
 */
public record BeatResult(
        Outcome outcome,
        long storeMillis,
        long seq,
        @Nullable Writer holder,
        long silentMillis,
        @Nullable NodeCommand command) {

    /** The outcome of publishing a beat. */
    public enum Outcome {
        /** It is registered. */
        ACCEPTED,
        /** A message of this uid with the same or a higher {@code seq} is registered. */
        OUTDATED,
        /** Another writer holds the uid. */
        CONFLICT
    }

    /** Returns the response to a beat that is registered. */
    public static BeatResult accepted(long storeMillis, long seq) {
        return accepted(storeMillis, seq, null);
    }

    /** Returns the response to a beat that is registered, with the command of the node. */
    public static BeatResult accepted(long storeMillis, long seq, @Nullable NodeCommand command) {
        return new BeatResult(Outcome.ACCEPTED, storeMillis, seq, null, 0, command);
    }

    /** Returns the response to a beat whose {@code seq} is too low. */
    public static BeatResult outdated(long storeMillis, long seq) {
        return new BeatResult(Outcome.OUTDATED, storeMillis, seq, null, 0, null);
    }

    /** Returns the response to a beat of another writer than the accepted one. */
    public static BeatResult conflict(long storeMillis, long seq, Writer holder, long silentMillis) {
        return new BeatResult(Outcome.CONFLICT, storeMillis, seq, holder, silentMillis, null);
    }
}

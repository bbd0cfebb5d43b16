// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import io.tacho.model.LeaveEnvelope;
import io.tacho.model.SnapshotEnvelope;
import java.util.concurrent.CompletionStage;

/**
 * The destination of the messages and windows of nodes. Never blocks and never throws for delivery failures: the returned stage
 * reports them.
 *
 * <p>Thread safety: calls for one uid are sequential; different uids may publish concurrently.
 */
public interface SnapshotPublisher extends WindowSink, AutoCloseable {

    /** A writer that is silent for more than this number of publish intervals no longer holds its uid. */
    int HELD_INTERVALS = 2;

    /**
     * Registers the node for the envelope's TTL and notifies all followers, atomically. A message whose {@code seq} is not
     * above what is registered changes nothing.
     *
     * <p>Of several writers of one uid the first holds it, until it leaves, its entry expires, or it has been silent for more
     * than {@value #HELD_INTERVALS} of its publish intervals. A beat of another writer changes nothing; the followers are
     * notified of the conflict. Beats without a writer are not checked.
     *
     * @return completed with the outcome; exceptionally with {@link TransportException} if it is unknown
     */
    CompletionStage<BeatResult> publish(SnapshotEnvelope envelope);

    /**
     * Removes the node's entry and notifies all followers, atomically; changes nothing if another writer holds the uid.
     *
     * @return completed when the entry is removed; exceptionally with {@link TransportException} if it may not be
     */
    CompletionStage<Void> leave(LeaveEnvelope envelope);

    /** Closes the connection, waiting a bounded time. Idempotent. */
    @Override
    void close();
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import io.tacho.model.LeaveEnvelope;
import io.tacho.model.SnapshotEnvelope;
import java.util.concurrent.CompletionStage;

/**
 * The destination of a node's messages and windows. Never blocks and never throws for delivery failures: the returned stage
 * reports them.
 *
 * <p>Thread safety: calls for one uid come one after the other; different uids may publish concurrently.
 */
public interface SnapshotPublisher extends WindowSink, AutoCloseable {

    /**
     * Registers the node for the envelope's TTL and notifies all followers, atomically. A message whose {@code seq} is not
     * above what is registered changes nothing.
     *
     * @return completed when the entry stands; exceptionally with {@link TransportException} if it may not
     */
    CompletionStage<Void> publish(SnapshotEnvelope envelope);

    /**
     * Takes the node out and notifies all followers, atomically.
     *
     * @return completed when the entry is gone; exceptionally with {@link TransportException} if it may still be there
     */
    CompletionStage<Void> leave(LeaveEnvelope envelope);

    /** Releases the connection, waiting for it a bounded time. Idempotent. */
    @Override
    void close();
}

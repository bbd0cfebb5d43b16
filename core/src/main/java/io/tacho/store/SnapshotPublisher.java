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

    /**
     * Registers the node for the envelope's TTL and notifies all followers, atomically. A message whose {@code seq} is not
     * above what is registered changes nothing.
     *
     * @return completed when the entry is stored; exceptionally with {@link TransportException} if it may not be
     */
    CompletionStage<Void> publish(SnapshotEnvelope envelope);

    /**
     * Removes the node's entry and notifies all followers, atomically.
     *
     * @return completed when the entry is removed; exceptionally with {@link TransportException} if it may not be
     */
    CompletionStage<Void> leave(LeaveEnvelope envelope);

    /** Closes the connection, waiting a bounded time. Idempotent. */
    @Override
    void close();
}

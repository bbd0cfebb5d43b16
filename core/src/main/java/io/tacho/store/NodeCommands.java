// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * The commands of operators to nodes: at most one per node, which replaces the one before. A node's agent receives its command
 * with the response to each beat.
 *
 * <p>Thread safety: safe.
 */
public interface NodeCommands extends AutoCloseable {

    /**
     * Stores the command of a node, in place of the one before.
     *
     * @param ttl how long it waits for the node; a drain that was acknowledged lasts a day after the last beat
     * @return completed when it is stored; exceptionally with {@link TransportException} if it may not be
     */
    CompletionStage<Void> send(String uid, NodeCommand command, Duration ttl);

    /** Closes the connection, waiting a bounded time. Idempotent. */
    @Override
    void close();
}

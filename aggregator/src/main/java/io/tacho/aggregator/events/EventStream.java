// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.events;

/**
 * The open stream of events to one reader, which the reader's connection closes.
 *
 * <p>Thread safety: safe.
 */
public interface EventStream extends AutoCloseable {

    /** Removes the reader from the feed, because its connection is closed. Idempotent. */
    @Override
    void close();
}

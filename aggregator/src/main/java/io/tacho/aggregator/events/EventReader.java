// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.events;

/**
 * One reader of the feed, as its connection sees it.
 *
 * <p>Thread safety: safe.
 */
public interface EventReader extends AutoCloseable {

    /** The connection is gone. Idempotent. */
    @Override
    void close();
}

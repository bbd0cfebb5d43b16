// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.events;

import io.tacho.aggregator.view.ViewCursor;

/**
 * A reader as the feed sees it: how far it has read, and whether the last piece has been written. It gets one piece at a
 * time, so that no backlog builds up.
 *
 * <p>Thread safety: the feed's thread only.
 */
final class FeedReader {

    final EventSink sink;
    final EventFilter filter;

    /** The position up to which it has read. */
    ViewCursor cursor = ViewCursor.START;
    /** True if more events are available immediately. */
    boolean behind;
    /** True once the synced event was sent. */
    boolean synced;
    /** The readiness of the view that was sent last. */
    boolean sentReady = true;
    /** True while a write is in progress. */
    boolean busy;
    /** The size of that write. */
    long queuedBytes;

    long sentNanos;

    FeedReader(EventSink sink, EventFilter filter) {
        this.sink = sink;
        this.filter = filter;
    }

    /** Makes it begin anew. */
    void reset(ViewCursor start) {
        cursor = start;
        behind = true;
        synced = false;
    }
}

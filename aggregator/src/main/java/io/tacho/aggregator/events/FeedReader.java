// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.events;

/**
 * A reader as the feed sees it: how far it has come, and whether it has taken what it was given. It is given one piece at a
 * time, so that nothing piles up.
 *
 * <p>Thread safety: the feed's thread only.
 */
final class FeedReader {

    final EventSink sink;
    final EventFilter filter;

    /** It knows the view as of this version; 0 knows nothing. */
    long version;
    /** Comings and goings up to this version it need not hear of. */
    long turnsAfter;
    /** Whether there is more for it at once. */
    boolean behind;
    /** Whether it was told that it knows all. */
    boolean synced;
    /** What it was last told of the view. */
    boolean toldReady = true;
    /** Whether it has yet to take what it was given. */
    boolean busy;

    long givenNanos;

    FeedReader(EventSink sink, EventFilter filter) {
        this.sink = sink;
        this.filter = filter;
    }

    /** It begins anew. */
    void forget(long currentVersion) {
        version = 0;
        turnsAfter = currentVersion;
        behind = true;
        synced = false;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.collect;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Whether the store can be heard, and whether all is known that was in it. Subscriptions are numbered, so that what belongs
 * to an earlier one is recognised.
 *
 * <p>Thread safety: safe.
 */
final class Connectedness {

    private final LongSupplier nanoTime;

    private long subscription;
    /** Written under the lock; every query reads them without. */
    private volatile boolean connected;

    private volatile boolean loaded;
    private boolean closed;
    private long staleSinceNanos;

    Connectedness(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        staleSinceNanos = nanoTime.getAsLong();
    }

    /** Tells the number of the subscription that begins. */
    synchronized long subscribed() {
        noteStale();
        connected = true;
        loaded = false;
        return ++subscription;
    }

    /** Tells whether this is news. */
    synchronized boolean disconnected() {
        if (!connected || closed) {
            return false;
        }
        noteStale();
        connected = false;
        loaded = false;
        subscription++;
        return true;
    }

    private void noteStale() {
        if (loaded) {
            staleSinceNanos = nanoTime.getAsLong();
        }
    }

    /**
     * The store is connected, but what was asked got no answer: what has happened there is unknown until everything is
     * loaded again. Tells whether this is news.
     */
    synchronized boolean unanswered(long expected, long askedNanos) {
        if (!isCurrent(expected) || !loaded || closed) {
            return false;
        }
        loaded = false;
        staleSinceNanos = askedNanos;
        return true;
    }

    long now() {
        return nanoTime.getAsLong();
    }

    /** Everything is loaded for the subscription; false if it is not the current one. */
    synchronized boolean loaded(long expected) {
        if (!isCurrent(expected)) {
            return false;
        }
        loaded = true;
        return true;
    }

    boolean isReady() {
        return connected && loaded;
    }

    synchronized boolean isCurrent(long expected) {
        return connected && subscription == expected;
    }

    synchronized long subscription() {
        return subscription;
    }

    synchronized Duration staleFor() {
        return isReady() ? Duration.ZERO : Duration.ofNanos(Math.max(0, nanoTime.getAsLong() - staleSinceNanos));
    }

    /** From now on a disconnect is our own. */
    synchronized void close() {
        closed = true;
    }
}

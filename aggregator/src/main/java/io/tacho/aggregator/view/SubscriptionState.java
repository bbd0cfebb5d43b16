// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The state of the subscription to the store: disconnected, subscribed, or loaded, i.e. subscribed with every entry read. Each
 * subscription has an id, by which a response to a request of an earlier subscription is recognized. The collector changes the
 * state; readers use the {@link ViewStatus} that is derived from it.
 *
 * <p>Thread safety: safe.
 */
public final class SubscriptionState {

    private static final long NEVER = -1;

    private final LongSupplier nanoTime;
    private final LongSupplier version;

    private long subscription;
    /** Written under the lock, read without it by every request. */
    private volatile boolean connected;

    private volatile boolean loaded;
    private long firstLoadedVersion = NEVER;
    private boolean closed;
    private long staleSinceNanos;

    /**
     * Creates the state of a view that was never subscribed.
     *
     * @param version returns the version of the view
     */
    SubscriptionState(LongSupplier nanoTime, LongSupplier version) {
        this.nanoTime = nanoTime;
        this.version = version;
        staleSinceNanos = nanoTime.getAsLong();
    }

    /** Records a new subscription and returns its id. */
    public synchronized long onSubscribed() {
        markStale();
        connected = true;
        loaded = false;
        return ++subscription;
    }

    /** Records the end of the subscription. Returns false if there was none, or if the disconnect was expected. */
    public synchronized boolean onDisconnected() {
        if (!connected || closed) {
            return false;
        }
        markStale();
        connected = false;
        loaded = false;
        subscription++;
        return true;
    }

    /** Records the time from which on the view may miss changes, if it was loaded. */
    private void markStale() {
        if (loaded) {
            staleSinceNanos = nanoTime.getAsLong();
        }
    }

    /**
     * Records that the store did not respond: the view is stale until everything is loaded again. Returns false if the view was
     * stale already.
     *
     * @param requestedNanos when the request was sent
     */
    public synchronized boolean onRequestFailed(long subscriptionId, long requestedNanos) {
        if (!isCurrent(subscriptionId) || !loaded || closed) {
            return false;
        }
        loaded = false;
        staleSinceNanos = requestedNanos;
        return true;
    }

    /** Records that every entry was read after a subscription. Returns false if this is not the current subscription. */
    public synchronized boolean onLoaded(long subscriptionId) {
        if (!isCurrent(subscriptionId)) {
            return false;
        }
        loaded = true;
        if (firstLoadedVersion == NEVER) {
            firstLoadedVersion = version.getAsLong();
        }
        return true;
    }

    /** {@return the version of the view when it became ready for the first time; -1 before} */
    synchronized long firstLoadedVersion() {
        return firstLoadedVersion;
    }

    /** {@return whether every entry was read after the current subscription} */
    public boolean isReady() {
        return connected && loaded;
    }

    /** {@return whether this is the id of the current subscription} */
    public synchronized boolean isCurrent(long subscriptionId) {
        return connected && subscription == subscriptionId;
    }

    /** {@return the id of the current subscription} */
    public synchronized long subscriptionId() {
        return subscription;
    }

    ViewStatus status() {
        return isReady() ? ViewStatus.READY : staleStatus();
    }

    /** Returns the status of a view that is not ready, with the time for which it may have missed changes. */
    private synchronized ViewStatus staleStatus() {
        return isReady()
                ? ViewStatus.READY
                : new ViewStatus(false, Duration.ofNanos(Math.max(0, nanoTime.getAsLong() - staleSinceNanos)));
    }

    /** Makes the next disconnect an expected one. */
    public synchronized void expectDisconnect() {
        closed = true;
    }
}

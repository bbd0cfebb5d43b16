// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The state of the subscription that feeds a view: disconnected, subscribed, or subscribed with everything loaded. The
 * {@link ViewStatus} that readers use is derived from it.
 * Subscriptions are numbered, so that the response to a request of an earlier subscription is recognized. The collector
 * changes the state; everyone else reads {@link ClusterView#status()}.
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

    /** @param version the version of the view */
    SubscriptionState(LongSupplier nanoTime, LongSupplier version) {
        this.nanoTime = nanoTime;
        this.version = version;
        staleSinceNanos = nanoTime.getAsLong();
    }

    /** Begins a subscription and returns its id. */
    public synchronized long onSubscribed() {
        markStale();
        connected = true;
        loaded = false;
        return ++subscription;
    }

    /** Ends the subscription. Returns false if there is none, or if this side closed it. */
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
     * Marks the subscription as not loaded because the store is connected but did not respond: until everything is loaded
     * again, changes may have been missed. Returns false if that is known already.
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

    /** Marks everything as loaded for a subscription. Returns false if it is not the current one. */
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

    /** {@return the version of the view when everything was loaded for the first time; -1 before} */
    synchronized long firstLoadedVersion() {
        return firstLoadedVersion;
    }

    /** {@return whether everything is loaded for the current subscription} */
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

    /** Marks the next disconnect as intended. */
    public synchronized void close() {
        closed = true;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.store.memory;

import io.tacho.store.alerts.AlertStore;
import io.tacho.store.alerts.AlertStoreResponse;
import io.tacho.store.alerts.AlertStoreResponse.Lease;
import io.tacho.store.alerts.AlertStoreUpdate;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An alert store within one process, shared by any number of aggregators. Its entries are bounded by what the holder of the
 * lease writes: one per rule and node.
 *
 * <p>Thread safety: safe; the store is its own lock.
 */
public final class InMemoryAlertStore {

    private final LongSupplier nanoTime;
    private final Duration lease;
    private final Map<String, String> entries = new HashMap<>();
    private long version;
    private @Nullable AlertStore holder;
    private long heldUntilNanos;

    /**
     * Creates an empty store.
     *
     * @param nanoTime monotonic clock in nanoseconds, for the lease
     * @param lease the time after which an unrenewed lease expires
     */
    public InMemoryAlertStore(LongSupplier nanoTime, Duration lease) {
        this.nanoTime = nanoTime;
        this.lease = lease;
    }

    /** Returns the store as seen by another aggregator. */
    public AlertStore connect() {
        return new Connection();
    }

    /** Removes all entries and the lease, as FLUSHALL does. */
    public synchronized void clear() {
        entries.clear();
        version = 0;
        holder = null;
    }

    /** {@return a copy of all entries} */
    public synchronized Map<String, String> entries() {
        return Map.copyOf(entries);
    }

    private synchronized AlertStoreResponse renew(AlertStore aggregator, long knownVersion, AlertStoreUpdate update) {
        boolean free = holder == null || nanoTime.getAsLong() - heldUntilNanos >= 0;
        if (!free && holder != aggregator) {
            return response(Lease.NOT_HELD, false, knownVersion);
        }
        holder = aggregator;
        heldUntilNanos = nanoTime.getAsLong() + lease.toNanos();
        boolean applied = !free && !update.isEmpty() && (update.replacesAll() || version == knownVersion);
        if (applied) {
            if (update.replacesAll()) {
                entries.clear();
            }
            entries.keySet().removeAll(update.removed());
            entries.putAll(update.put());
            version = knownVersion + 1;
        }
        return response(free ? Lease.ACQUIRED : Lease.RENEWED, applied, knownVersion);
    }

    private synchronized void edit(AlertStoreUpdate update) {
        entries.keySet().removeAll(update.removed());
        entries.putAll(update.put());
        version++;
    }

    private synchronized AlertStoreResponse release(AlertStore aggregator, long knownVersion) {
        if (holder == aggregator) {
            holder = null;
        }
        return response(Lease.NOT_HELD, false, knownVersion);
    }

    private AlertStoreResponse response(Lease result, boolean applied, long knownVersion) {
        boolean unknown = !applied && (result == Lease.ACQUIRED || version != knownVersion);
        return new AlertStoreResponse(result, applied, version, unknown ? entries : null);
    }

    private final class Connection implements AlertStore {

        @Override
        public CompletionStage<AlertStoreResponse> renewLease(long knownVersion, AlertStoreUpdate update) {
            return CompletableFuture.completedFuture(renew(this, knownVersion, update));
        }

        @Override
        public CompletionStage<AlertStoreResponse> releaseLease(long knownVersion) {
            return CompletableFuture.completedFuture(release(this, knownVersion));
        }

        @Override
        public CompletionStage<Void> edit(AlertStoreUpdate update) {
            InMemoryAlertStore.this.edit(update);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void close() {}
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.testing;

import io.tacho.store.TransportException;
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

/** An alert store in memory for any number of aggregators, on a clock that the test advances. */
public final class InMemoryAlertStore {

    private final LongSupplier nanoTime;
    private final Duration lease;
    private final Map<String, String> entries = new HashMap<>();
    private long version;
    private Object holder;
    private long heldUntilNanos;
    private boolean unreachable;

    public InMemoryAlertStore(LongSupplier nanoTime, Duration lease) {
        this.nanoTime = nanoTime;
        this.lease = lease;
    }

    /** Returns the store as seen by another aggregator. */
    public AlertStore connect() {
        return new Connection();
    }

    /** Makes the store unreachable for all aggregators, or reachable again. */
    public void setUnreachable(boolean isUnreachable) {
        unreachable = isUnreachable;
    }

    /** Deletes everything, as FLUSHALL does. */
    public void flush() {
        entries.clear();
        version = 0;
        holder = null;
    }

    public Map<String, String> entries() {
        return Map.copyOf(entries);
    }

    private final class Connection implements AlertStore {

        @Override
        public CompletionStage<AlertStoreResponse> renewLease(long knownVersion, AlertStoreUpdate update) {
            if (unreachable) {
                return CompletableFuture.failedFuture(new TransportException("unreachable", null));
            }
            Lease result = holder == null || nanoTime.getAsLong() - heldUntilNanos >= 0
                    ? Lease.ACQUIRED
                    : holder == this ? Lease.RENEWED : Lease.NOT_HELD;
            if (result != Lease.NOT_HELD) {
                holder = this;
                heldUntilNanos = nanoTime.getAsLong() + lease.toNanos();
            }
            boolean applied = result == Lease.RENEWED
                    && !update.isEmpty()
                    && (update.replacesAll() || version == knownVersion);
            if (applied) {
                if (update.replacesAll()) {
                    entries.clear();
                }
                entries.keySet().removeAll(update.removed());
                entries.putAll(update.put());
                version = knownVersion + 1;
            }
            return response(result, applied, knownVersion);
        }

        @Override
        public CompletionStage<AlertStoreResponse> releaseLease(long knownVersion) {
            if (unreachable) {
                return CompletableFuture.failedFuture(new TransportException("unreachable", null));
            }
            if (holder == this) {
                holder = null;
            }
            return response(Lease.NOT_HELD, false, knownVersion);
        }

        private CompletionStage<AlertStoreResponse> response(Lease result, boolean applied, long knownVersion) {
            boolean listed = !applied && (result == Lease.ACQUIRED || version != knownVersion);
            return CompletableFuture.completedFuture(
                    new AlertStoreResponse(result, applied, version, listed ? entries : null));
        }

        @Override
        public void close() {}
    }
}

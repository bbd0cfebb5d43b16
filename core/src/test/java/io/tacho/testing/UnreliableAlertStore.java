// SPDX-License-Identifier: Apache-2.0
package io.tacho.testing;

import io.tacho.store.TransportException;
import io.tacho.store.alerts.AlertStore;
import io.tacho.store.alerts.AlertStoreResponse;
import io.tacho.store.alerts.AlertStoreUpdate;
import io.tacho.store.memory.InMemoryAlertStore;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** An {@link InMemoryAlertStore} on the clock of the test that can be made unreachable or slow. */
public final class UnreliableAlertStore {

    private final InMemoryAlertStore store;
    private final Queue<Runnable> delayedCalls = new ArrayDeque<>();
    private volatile boolean reachable = true;
    private boolean isDelaying;

    public UnreliableAlertStore(LongSupplier nanoTime, Duration lease) {
        store = new InMemoryAlertStore(nanoTime, lease);
    }

    /** Returns the store as seen by another aggregator. */
    public AlertStore connect() {
        return new Connection(store.connect());
    }

    public void setReachable(boolean isReachable) {
        reachable = isReachable;
    }

    /** Delays all calls from now on. */
    public void delayCalls() {
        isDelaying = true;
    }

    /** Executes the delayed calls, and no longer delays calls. */
    public void executeDelayedCalls() {
        isDelaying = false;
        while (!delayedCalls.isEmpty()) {
            delayedCalls.remove().run();
        }
    }

    public void flush() {
        store.clear();
    }

    public Map<String, String> entries() {
        return store.entries();
    }

    private final class Connection implements AlertStore {

        private final AlertStore delegate;

        Connection(AlertStore delegate) {
            this.delegate = delegate;
        }

        @Override
        public CompletionStage<AlertStoreResponse> renewLease(long knownVersion, AlertStoreUpdate update) {
            return whenReachable(() -> delegate.renewLease(knownVersion, update));
        }

        @Override
        public CompletionStage<AlertStoreResponse> releaseLease(long knownVersion) {
            return whenReachable(() -> delegate.releaseLease(knownVersion));
        }

        @Override
        public CompletionStage<Void> edit(AlertStoreUpdate update) {
            return whenReachable(() -> delegate.edit(update));
        }

        private <T> CompletionStage<T> whenReachable(Supplier<CompletionStage<T>> call) {
            if (isDelaying) {
                CompletableFuture<Void> executed = new CompletableFuture<>();
                delayedCalls.add(() -> executed.complete(null));
                return executed.thenCompose(now -> call.get());
            }
            return reachable
                    ? call.get()
                    : CompletableFuture.failedFuture(new TransportException("not reachable", null));
        }

        @Override
        public void close() {
            delegate.close();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.collect;

import io.tacho.concurrent.Failures;
import io.tacho.store.SnapshotBatches;
import io.tacho.store.StoredSnapshot;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads all entries of one partition after each (re)connect. A partition that is connected but does not respond to a request counts as
 * not followed until all of it has been loaded again.
 *
 * <p>Thread safety: safe. Responses of the store are applied on the worker.
 */
final class PartitionLoader {

    private static final Logger logger = LoggerFactory.getLogger(Collector.class);
    private static final Duration RETRY = Duration.ofMillis(500);

    private final int partition;
    private final CollectorContext context;
    /** Why the store does not respond; empty while it does, or is not connected. */
    private volatile String problem = "";

    PartitionLoader(int partition, CollectorContext context) {
        this.partition = partition;
        this.context = context;
    }

    void onSubscribed() {
        long subscription = context.state().onSubscribed(partition);
        context.worker().execute(() -> load(subscription));
    }

    void onDisconnected() {
        problem = "";
        context.state().onDisconnected(partition);
    }

    /** Returns why the store does not respond; empty if it responds, or is not connected. */
    String problem() {
        return problem;
    }

    /** Records that a request for entries of this partition has failed, and loads all of them again if that is news. */
    void onRequestFailed(long subscription, long requested, Throwable failure) {
        if (context.state().onRequestFailed(partition, subscription, requested)) {
            problem = Failures.message(failure);
            load(subscription);
        }
    }

    /** Loads everything for the subscription, until that works or there is another one. */
    private void load(long subscription) {
        if (!isCurrent(subscription)) {
            return;
        }
        long requested = context.nanoTime().getAsLong();
        FullLoad load = new FullLoad();
        context.source()
                .loadUnknown(partition, uid -> false, onWorker(context, () -> isCurrent(subscription), load::accept))
                .whenComplete((done, failure) -> {
                    if (failure == null) {
                        context.metrics().countStoreResponse(context.nanoTime().getAsLong() - requested);
                        context.worker().execute(() -> loaded(subscription, load));
                        return;
                    }
                    context.metrics().countFailedLoad();
                    context.state().onRequestFailed(partition, subscription, requested);
                    if (context.rareLog().isDue("load")) {
                        logger.warn("load failed, trying again: {}", Failures.message(failure));
                    }
                    context.worker().schedule(() -> load(subscription), RETRY);
                });
    }

    private boolean isCurrent(long subscription) {
        return context.state().isCurrent(partition, subscription);
    }

    /** Returns batches whose entries are applied on the worker while a condition holds. */
    static SnapshotBatches onWorker(
            CollectorContext context, BooleanSupplier condition, Consumer<StoredSnapshot> action) {
        return batch -> CompletableFuture.runAsync(
                () -> {
                    if (condition.getAsBoolean()) {
                        batch.forEach(action);
                    }
                },
                context.worker());
    }

    private void loaded(long subscription, FullLoad load) {
        load.begin();
        context.metrics().countLoad();
        if (context.state().onLoaded(partition, subscription)) {
            problem = "";
        }
    }

    /** A load of everything that begins when its first entry arrives. Confined to the worker. */
    private final class FullLoad {

        private boolean begun;

        void begin() {
            if (!begun) {
                begun = true;
                // the store may have lost its data: a missing node has one TTL to register again
                context.view().renewDeadlines(partition);
            }
        }

        void accept(StoredSnapshot entry) {
            begin();
            context.metrics().countReceived();
            context.counter().count(context.view().onLoaded(entry));
        }
    }
}

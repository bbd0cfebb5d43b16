// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import io.tacho.aggregator.view.ClusterView;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * An answer that costs more the larger the cluster is. It is made off the threads that serve, once for all who ask meanwhile,
 * and given again for nine times as long as it took, so that however many ask, it takes a tenth of a core at the most.
 *
 * <p>Thread safety: safe.
 *
 * @param <T> what is answered, immutable
 */
public final class CostThrottledCache<T> {

    private static final int REST = 9;

    /** Of a small cluster nobody gets an old answer: it may be as old as this for each node. */
    private static final long NANOS_PER_NODE = 300_000;

    private record Made<T>(T answer, long untilNanos) {}

    private final Supplier<T> maker;
    private final ClusterView view;
    private final Executor executor;
    private final LongSupplier nanoTime;

    private CompletableFuture<Made<T>> current =
            CompletableFuture.failedFuture(new IllegalStateException("nothing made yet"));

    /**
     * An answer that nobody has asked for yet.
     *
     * @param maker makes it of the view
     * @param nanoTime monotonic clock
     */
    public CostThrottledCache(ClusterView view, Supplier<T> maker, Executor executor, LongSupplier nanoTime) {
        this.view = view;
        this.maker = maker;
        this.executor = executor;
        this.nanoTime = nanoTime;
    }

    /** The answer as it was at most a moment ago. */
    public synchronized CompletionStage<T> get() {
        if (current.isCompletedExceptionally()
                || (current.isDone() && nanoTime.getAsLong() - current.join().untilNanos() >= 0)) {
            current = CompletableFuture.supplyAsync(this::make, executor);
        }
        return current.thenApply(Made::answer);
    }

    private Made<T> make() {
        long start = nanoTime.getAsLong();
        T answer = maker.get();
        long end = nanoTime.getAsLong();
        return new Made<>(answer, end + Math.min(REST * (end - start), NANOS_PER_NODE * view.size()));
    }
}

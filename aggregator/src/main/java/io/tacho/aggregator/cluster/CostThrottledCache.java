// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.cluster;

import io.tacho.aggregator.view.ClusterView;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A cache of one value that costs more to compute the larger the cluster is. The value is computed by an executor, once for all
 * callers that wait for it, and then kept nine times as long as that took: any number of callers costs at most a tenth of a core.
 *
 * <p>Thread safety: safe.
 *
 * @param <T> the value, immutable
 */
public final class CostThrottledCache<T> {

    private static final int COST_FACTOR = 9;

    /** Limits the age of the value in small clusters. */
    private static final long MAX_NANOS_PER_NODE = 300_000;

    private record Cached<T>(T value, long untilNanos) {}

    private final Supplier<T> supplier;
    private final ClusterView view;
    private final Executor executor;
    private final LongSupplier nanoTime;

    private CompletableFuture<Cached<T>> current =
            CompletableFuture.failedFuture(new IllegalStateException("nothing computed yet"));

    /**
     * Creates an empty cache.
     *
     * @param supplier computes the value of the view
     * @param nanoTime monotonic clock
     */
    public CostThrottledCache(ClusterView view, Supplier<T> supplier, Executor executor, LongSupplier nanoTime) {
        this.view = view;
        this.supplier = supplier;
        this.executor = executor;
        this.nanoTime = nanoTime;
    }

    /** {@return the current value, or in a large cluster a recent one} */
    public synchronized CompletionStage<T> get() {
        if (current.isCompletedExceptionally()
                || (current.isDone() && nanoTime.getAsLong() - current.join().untilNanos() >= 0)) {
            current = CompletableFuture.supplyAsync(this::compute, executor);
        }
        return current.thenApply(Cached::value);
    }

    private Cached<T> compute() {
        long start = nanoTime.getAsLong();
        T value = supplier.get();
        return new Cached<>(value, keepUntil(start, nanoTime.getAsLong(), view.size()));
    }

    /** {@return the time until which a value is kept that was computed between start and end} */
    public static long keepUntil(long start, long end, int nodes) {
        return end + Math.min(COST_FACTOR * (end - start), MAX_NANOS_PER_NODE * nodes);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import io.tacho.aggregator.cluster.CostThrottledCache;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.concurrent.Failures;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The last pages. A page is made once for all requests that wait for it, and kept as long as in a {@link CostThrottledCache}. Different
 * pages share a limit of memory.
 *
 * <p>Thread safety: safe.
 *
 * @param <K> identifies a page
 */
final class PageCache<K> {

    /** Beyond this the oldest pages are dropped; the last one is kept whatever its size. */
    static final long MAX_BYTES = 32L * 1024 * 1024;

    /** Up to this many different pages may be waited for. */
    static final int MAX_PENDING = 16;

    private static final class Entry {
        final CompletableFuture<ByteBuffer> page = new CompletableFuture<>();
        long untilNanos;
    }

    private final ClusterView view;
    private final Function<K, ByteBuffer> maker;
    private final Executor executor;
    private final LongSupplier nanoTime;
    private final Map<K, Entry> entries = new LinkedHashMap<>();
    private int pending;
    private long bytes;

    /**
     * Creates an empty cache.
     *
     * @param maker makes a page
     * @param executor where pages are made
     * @param nanoTime monotonic clock
     */
    PageCache(ClusterView view, Function<K, ByteBuffer> maker, Executor executor, LongSupplier nanoTime) {
        this.view = view;
        this.maker = maker;
        this.executor = executor;
        this.nanoTime = nanoTime;
    }

    /**
     * Returns a page, made now or recently.
     *
     * @return completed exceptionally with a {@link RejectedExecutionException} if too many different pages are waited for
     */
    CompletionStage<ByteBuffer> get(K key) {
        Entry entry;
        synchronized (this) {
            dropExpired();
            Entry known = entries.get(key);
            if (known != null) {
                return known.page;
            }
            if (pending >= MAX_PENDING) {
                return CompletableFuture.failedFuture(new RejectedExecutionException(
                        "metrics: too many different pages are waited for (expected: at most " + MAX_PENDING + ")"));
            }
            pending++;
            entry = new Entry();
            entries.put(key, entry);
        }
        executor.execute(() -> make(key, entry));
        return entry.page;
    }

    private void make(K key, Entry entry) {
        long start = nanoTime.getAsLong();
        ByteBuffer page;
        try {
            page = maker.apply(key);
        } catch (Throwable e) {
            synchronized (this) {
                pending--;
                entries.remove(key, entry);
            }
            entry.page.completeExceptionally(Failures.unwrap(e));
            return;
        }
        synchronized (this) {
            pending--;
            long end = nanoTime.getAsLong();
            entry.untilNanos = CostThrottledCache.keepUntil(start, end, view.size());
            bytes += page.capacity();
            dropOldest(entry);
        }
        entry.page.complete(page);
    }

    private void dropExpired() {
        long now = nanoTime.getAsLong();
        entries.values().removeIf(entry -> entry.page.isDone() && now - entry.untilNanos >= 0 && forget(entry));
    }

    private void dropOldest(Entry newest) {
        entries.values()
                .removeIf(entry -> bytes > MAX_BYTES && entry != newest && entry.page.isDone() && forget(entry));
    }

    private boolean forget(Entry entry) {
        bytes -= entry.page.join().capacity();
        return true;
    }

    /** {@return the memory of the pages} */
    synchronized long bytes() {
        return bytes;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.cache;

import io.netty.buffer.ByteBuf;
import io.tacho.aggregator.http.message.AsyncResponse;
import io.tacho.aggregator.http.message.FullResponse;
import io.tacho.aggregator.http.message.Gzip;
import io.tacho.aggregator.http.message.Response;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The compressed form of a cached body, once for each version. A large body is compressed by one thread, which pauses after
 * each version as long as that version took. Requests meanwhile get the next version, made from the then current body.
 *
 * <p>Thread safety: safe.
 */
final class CachedGzip {

    /** Compressing up to this size takes a millisecond, so the event loop does it. */
    private static final int SMALL_BYTES = 64 * 1024;

    private final CachedBody source;
    private final LongSupplier nanoTime;
    private final ScheduledExecutorService executor;
    private @Nullable Lease current;
    private @Nullable CompletableFuture<Lease> next;
    private long pausedUntilNanos;
    private boolean closed;

    /** @param executor has one thread; ends with the cache */
    CachedGzip(CachedBody source, LongSupplier nanoTime, ScheduledExecutorService executor) {
        this.source = source;
        this.nanoTime = nanoTime;
        this.executor = executor;
        pausedUntilNanos = nanoTime.getAsLong();
    }

    /** Returns a response with a lease of its own on the compressed body: at once, or when it is compressed. */
    synchronized Response respond(Function<Lease, FullResponse> toResponse) {
        Lease plain = source.acquire();
        try {
            Lease known = current;
            if (known != null && known.tag().equals(plain.tag())) {
                return toResponse.apply(known.retained());
            }
            if (plain.body().readableBytes() <= SMALL_BYTES) {
                Lease small = new Lease(plain.version(), Gzip.small(plain.body()), plain.tag());
                replace(small);
                return toResponse.apply(small.retained());
            }
        } finally {
            plain.release();
        }
        return new AsyncResponse(next().thenApply(lease -> toResponse.apply(lease.retained())));
    }

    private CompletionStage<Lease> next() {
        CompletableFuture<Lease> waiting = next;
        if (waiting == null) {
            waiting = new CompletableFuture<>();
            next = waiting;
            long delay = Math.max(0, pausedUntilNanos - nanoTime.getAsLong());
            executor.schedule(this::compressNext, delay, TimeUnit.NANOSECONDS);
        }
        return waiting;
    }

    private void compressNext() {
        CompletableFuture<Lease> waiting;
        synchronized (this) {
            waiting = next;
            next = null;
        }
        if (waiting == null) {
            return;
        }
        long start = nanoTime.getAsLong();
        try {
            Lease plain = source.acquire();
            ByteBuf compressed;
            try {
                compressed = Gzip.fast(plain.body());
            } finally {
                plain.release();
            }
            Lease lease = new Lease(plain.version(), compressed, plain.tag());
            synchronized (this) {
                if (closed) {
                    lease.release();
                    throw new IllegalStateException("closed");
                }
                replace(lease);
                pausedUntilNanos = 2 * nanoTime.getAsLong() - start;
                // under the lock, so that the version is not replaced before the waiting requests have their references
                waiting.complete(lease);
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            waiting.completeExceptionally(e);
        }
    }

    private void replace(Lease compressed) {
        if (current != null) {
            current.release();
        }
        current = compressed;
    }

    /** Releases the compressed body. Requests that wait for one fail. */
    synchronized void close() {
        closed = true;
        executor.shutdownNow();
        if (next != null) {
            next.completeExceptionally(new IllegalStateException("closed"));
            next = null;
        }
        if (current != null) {
            current.release();
            current = null;
        }
    }
}

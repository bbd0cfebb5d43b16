// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.cache;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.tacho.aggregator.http.cache.CachedBody.Version;
import io.tacho.aggregator.http.message.AsyncResponse;
import io.tacho.aggregator.http.message.FullResponse;
import io.tacho.aggregator.http.message.Gzip;
import io.tacho.aggregator.http.message.Response;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A shared body, compressed once a version. A large one is compressed by a thread of its own that rests as long as it works;
 * who asks meanwhile gets the next one, which is made of what the body is then.
 *
 * <p>Thread safety: safe.
 */
public final class CachedGzip implements AutoCloseable {

    /** Up to here it is compressed at once: that takes a millisecond. */
    private static final int SMALL_BYTES = 64 * 1024;

    private final CachedBody source;
    private final LongSupplier nanoTime;
    private final ScheduledExecutorService executor =
            Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("tacho-gzip", true));
    private @Nullable Version current;
    private @Nullable CompletableFuture<Version> next;
    private long restUntilNanos;

    CachedGzip(CachedBody source, LongSupplier nanoTime) {
        this.source = source;
        this.nanoTime = nanoTime;
        restUntilNanos = nanoTime.getAsLong();
    }

    /** Answers with the compressed version, with a reference of its own: at once, or when it is there. */
    public synchronized Response answer(Function<Version, FullResponse> form) {
        Version plain = source.acquire();
        try {
            Version known = current;
            if (known != null && known.tag().equals(plain.tag())) {
                return form.apply(retained(known));
            }
            if (plain.body().readableBytes() <= SMALL_BYTES) {
                return form.apply(retained(compress(plain)));
            }
        } finally {
            plain.body().release();
        }
        return new AsyncResponse(next().thenApply(version -> form.apply(retained(version))));
    }

    private CompletionStage<Version> next() {
        CompletableFuture<Version> waiting = next;
        if (waiting == null) {
            waiting = new CompletableFuture<>();
            next = waiting;
            long delay = Math.max(0, restUntilNanos - nanoTime.getAsLong());
            executor.schedule(this::compressNext, delay, TimeUnit.NANOSECONDS);
        }
        return waiting;
    }

    private void compressNext() {
        CompletableFuture<Version> waiting;
        synchronized (this) {
            waiting = next;
            next = null;
        }
        if (waiting == null) {
            return;
        }
        long start = nanoTime.getAsLong();
        try {
            Version plain = source.acquire();
            ByteBuf compressed;
            try {
                compressed = Gzip.fast(plain.body());
            } finally {
                plain.body().release();
            }
            synchronized (this) {
                keep(new Version(plain.number(), compressed, plain.tag()));
                restUntilNanos = 2 * nanoTime.getAsLong() - start;
                // under the lock, that nobody lets go of it before the waiting have their references
                waiting.complete(retainedCurrent());
            }
        } catch (RuntimeException e) {
            waiting.completeExceptionally(e);
        }
    }

    private Version compress(Version plain) {
        Version compressed = new Version(plain.number(), Gzip.small(plain.body()), plain.tag());
        keep(compressed);
        return compressed;
    }

    private void keep(Version compressed) {
        if (current != null) {
            current.body().release();
        }
        current = compressed;
    }

    private Version retainedCurrent() {
        if (current == null) {
            throw new IllegalStateException("nothing compressed");
        }
        return current;
    }

    private static Version retained(Version version) {
        version.body().retain();
        return version;
    }

    @Override
    public void close() {
        executor.shutdownNow();
        synchronized (this) {
            if (current != null) {
                current.body().release();
                current = null;
            }
        }
    }
}

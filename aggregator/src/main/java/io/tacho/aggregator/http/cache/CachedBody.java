// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.cache;

import io.netty.buffer.ByteBuf;
import io.tacho.aggregator.api.StatsQuery;
import io.tacho.aggregator.api.StatsResponse;
import io.tacho.aggregator.http.message.ETag;
import io.tacho.aggregator.view.NodeList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One body in direct memory, rebuilt on request after the view has changed; {@link ResponseCache} explains when.
 *
 * <p>Thread safety: safe.
 */
final class CachedBody {

    private static final Logger logger = LoggerFactory.getLogger(CachedBody.class);

    /** Smaller bodies are always current. */
    private static final int LARGE_BYTES = 64 * 1024;

    /** The time for which a large body counts as fresh, so that at most forty are built per second. */
    private static final long FRESH_NANOS = 25_000_000;

    /** The bytes that are tagged at once after they were written. */
    private static final int TAGGED_BYTES = 128 * 1024;

    /** For this time after that, a request returns the outdated body while the executor builds the next one. */
    private static final long BACKGROUND_NANOS = 10_000_000;

    /** A body that has been out of date for longer is not used any more: requests wait for the next one. */
    private static final long MAX_STALE_NANOS = 100_000_000;

    private final StatsResponse stats;
    private final @Nullable StatsQuery query;
    private final RetainedBodyBudget budget;
    private final Executor executor;
    private final LongSupplier nanoTime;
    private final Lock building = new ReentrantLock();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private volatile @Nullable Lease current;
    private volatile long freshUntilNanos;
    private boolean closed;

    /**
     * Creates a body that is not built yet.
     *
     * @param query which part of {@code stats}; null for all
     * @param executor builds large bodies in the background
     */
    CachedBody(
            StatsResponse stats,
            @Nullable StatsQuery query,
            RetainedBodyBudget budget,
            Executor executor,
            LongSupplier nanoTime) {
        this.stats = stats;
        this.query = query;
        this.budget = budget;
        this.executor = executor;
        this.nanoTime = nanoTime;
    }

    /** Returns a lease on the version to respond with. */
    Lease acquire() {
        refresh();
        synchronized (this) {
            if (current == null) {
                throw new IllegalStateException("closed");
            }
            return current.retained();
        }
    }

    /** Returns a lease, or null if the known one is still fresh; usually without a lock. */
    @Nullable
    Lease acquireIfNewer(@Nullable Lease known) {
        if (known != null && isCurrent(known)) {
            return null;
        }
        Lease lease = acquire();
        if (known != null && known.version() == lease.version()) {
            lease.release();
            return null;
        }
        return lease;
    }

    private boolean isCurrent(Lease known) {
        Lease last = current;
        return last != null && last.version() == known.version() && isFresh(last);
    }

    private boolean isFresh(Lease lease) {
        return lease.version() == stats.version() || nanoTime.getAsLong() - freshUntilNanos < 0;
    }

    /** Builds a new version, now or in the background, if one is due. While a large one is built the last one stays in use. */
    private void refresh() {
        Lease last = current;
        if (last != null && isFresh(last)) {
            return;
        }
        if (last == null || last.body().readableBytes() < LARGE_BYTES) {
            building.lock();
            buildAndUnlock();
        } else if (nanoTime.getAsLong() - freshUntilNanos < BACKGROUND_NANOS) {
            schedule();
        } else if (building.tryLock()) {
            buildAndUnlock();
        } else if (nanoTime.getAsLong() - freshUntilNanos >= MAX_STALE_NANOS) {
            building.lock();
            buildAndUnlock();
        }
    }

    private void schedule() {
        if (!scheduled.compareAndSet(false, true)) {
            return;
        }
        try {
            executor.execute(this::buildInBackground);
        } catch (RejectedExecutionException e) {
            // closing: the last version is good enough
            scheduled.set(false);
        }
    }

    private void buildInBackground() {
        scheduled.set(false);
        if (building.tryLock()) {
            try {
                buildAndUnlock();
            } catch (RuntimeException | OutOfMemoryError e) {
                // the next request that builds a version itself reports the cause
                logger.debug("no new version", e);
            }
        }
    }

    private void buildAndUnlock() {
        try {
            Lease last = current;
            if (last == null || !isFresh(last)) {
                build();
            }
        } finally {
            building.unlock();
        }
    }

    private void build() {
        NodeList list = stats.list();
        StatsResponse.Pieces pieces = stats.pieces(list, query);
        int length = pieces.length();
        ByteBuf body = budget.allocate(length);
        Lease built = new Lease(list.version(), body, write(pieces, body));
        long now = nanoTime.getAsLong();
        synchronized (this) {
            releaseCurrent();
            if (closed) {
                built.release();
                return;
            }
            current = built;
            freshUntilNanos = length < LARGE_BYTES ? now : now + FRESH_NANOS;
        }
    }

    /** Writes the body and returns its tag, which is computed while the bytes are in the processor's cache. */
    private static ETag write(StatsResponse.Pieces pieces, ByteBuf body) {
        ETag.Builder tag = new ETag.Builder();
        ByteBuf untagged = body.duplicate();
        pieces.write(piece -> {
            body.writeBytes(piece);
            if (body.writerIndex() - untagged.readerIndex() >= TAGGED_BYTES) {
                tag(untagged, body.writerIndex(), tag);
            }
        });
        tag(untagged, body.writerIndex(), tag);
        return tag.build();
    }

    private static void tag(ByteBuf untagged, int end, ETag.Builder tag) {
        tag.add(untagged.writerIndex(end).nioBuffer());
        untagged.readerIndex(end);
    }

    /** Releases the body and builds no other. */
    synchronized void close() {
        closed = true;
        releaseCurrent();
    }

    private synchronized void releaseCurrent() {
        if (current != null) {
            budget.replaced(current.body());
            current = null;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.cache;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.internal.PlatformDependent;
import io.tacho.aggregator.http.message.RequestRejectedException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The memory of bodies, and a bound on that of replaced bodies that slow clients still read. Above half of it, slow clients get
 * less time; at the bound, no further body is built until they have finished. The memory of one replaced body that has no
 * readers is used again for the next body of that size: new memory would be cleared, and mapped page by page, for each of them.
 *
 * <p>Thread safety: safe.
 */
final class RetainedBodyBudget {

    private static final long MIN_BYTES = 64L * 1024 * 1024;

    /** Memory that has not been used again for longer is freed with the next body: the cluster has become smaller. */
    private static final long MAX_IDLE_NANOS = 10_000_000_000L;

    /** Bodies with one reference, ours, have no readers. No reader can join, because leases are taken on current bodies only. */
    private final Deque<ByteBuf> replaced = new ArrayDeque<>();

    private final long limit;
    private final LongSupplier nanoTime;
    private @Nullable ByteBuf spare;
    private long spareSinceNanos;
    private volatile boolean crowded;
    private boolean closed;

    /**
     * Creates a budget without bodies.
     *
     * @param nanoTime monotonic clock
     */
    RetainedBodyBudget(LongSupplier nanoTime) {
        this(Math.max(MIN_BYTES, PlatformDependent.maxDirectMemory() / 2), nanoTime);
    }

    RetainedBodyBudget(long limit, LongSupplier nanoTime) {
        this.limit = limit;
        this.nanoTime = nanoTime;
    }

    /** Returns whether slow clients get less time. */
    boolean isCrowded() {
        return crowded;
    }

    /** Takes over the reference of a body that was current; it counts against the budget as long as others hold one. */
    synchronized void replaced(ByteBuf body) {
        if (closed) {
            body.release();
            return;
        }
        replaced.add(body);
        updateSpare();
    }

    /**
     * Returns an empty buffer for a body of this length.
     *
     * @throws RequestRejectedException if readers of replaced bodies leave no room for it
     */
    synchronized ByteBuf allocate(int bytes) {
        updateSpare();
        long held = replaced.stream().mapToLong(ByteBuf::capacity).sum();
        crowded = held > limit / 2;
        if (held + bytes > limit && held > 0) {
            releaseSpare();
            throw new RequestRejectedException(
                    HttpResponseStatus.SERVICE_UNAVAILABLE,
                    "too many slow clients retain responses (expected: a retry in a second)");
        }
        ByteBuf known = spare;
        if (known != null && known.capacity() >= bytes && known.capacity() / 2 <= bytes) {
            spare = null;
            return known.clear();
        }
        if (known != null && (known.capacity() < bytes || nanoTime.getAsLong() - spareSinceNanos >= MAX_IDLE_NANOS)) {
            releaseSpare();
        }
        int capacity = Math.toIntExact(Math.min(Integer.MAX_VALUE, bytes + bytes / 16L));
        return UnpooledByteBufAllocator.DEFAULT.directBuffer(capacity, capacity);
    }

    /** Removes the bodies without readers. Keeps the newest one, but none that is far smaller than the one kept so far. */
    private void updateSpare() {
        for (var each = replaced.iterator(); each.hasNext(); ) {
            ByteBuf body = each.next();
            if (body.refCnt() == 1) {
                each.remove();
                if (spare != null && body.capacity() < spare.capacity() / 2) {
                    body.release();
                } else {
                    releaseSpare();
                    spare = body;
                    spareSinceNanos = nanoTime.getAsLong();
                }
            }
        }
    }

    private void releaseSpare() {
        if (spare != null) {
            spare.release();
            spare = null;
        }
    }

    /** Releases the bodies that have no readers; the others are freed with their last reader. */
    synchronized void close() {
        closed = true;
        releaseSpare();
        replaced.forEach(ByteBuf::release);
        replaced.clear();
    }
}

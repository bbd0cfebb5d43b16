// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.cache;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.internal.PlatformDependent;
import io.tacho.aggregator.http.message.RequestRejectedException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The memory of bodies, and a bound on that of replaced bodies that slow clients still read. Above half of it, slow clients get
 * less time; at the bound, no further body is built until they have finished. The memory of one replaced body that has no
 * readers is used again for the next body: new memory would be cleared, and mapped page by page, for each of them.
 *
 * <p>Thread safety: safe.
 */
final class RetainedBodyBudget {

    private static final long MIN_BYTES = 64L * 1024 * 1024;

    /** Bodies with one reference, ours, have no readers. No reader can join, because leases are taken on current bodies only. */
    private final Deque<ByteBuf> replaced = new ArrayDeque<>();

    private final long limit;
    private volatile boolean crowded;
    private boolean closed;

    RetainedBodyBudget() {
        this(Math.max(MIN_BYTES, PlatformDependent.maxDirectMemory() / 2));
    }

    RetainedBodyBudget(long limit) {
        this.limit = limit;
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
        ByteBuf spare = takeSpare();
        if (spare != null) {
            replaced.add(spare);
        }
    }

    /**
     * Returns an empty buffer for a body of this length.
     *
     * @throws RequestRejectedException if readers of replaced bodies leave no room for it
     */
    synchronized ByteBuf allocate(int bytes) {
        ByteBuf spare = takeSpare();
        long held = replaced.stream().mapToLong(ByteBuf::capacity).sum();
        crowded = held > limit / 2;
        if (held + bytes > limit && held > 0) {
            if (spare != null) {
                spare.release();
            }
            throw new RequestRejectedException(
                    HttpResponseStatus.SERVICE_UNAVAILABLE,
                    "too many slow clients retain responses (expected: a retry in a second)");
        }
        if (spare != null) {
            if (spare.capacity() >= bytes && spare.capacity() / 2 <= bytes) {
                return spare.clear();
            }
            spare.release();
        }
        int capacity = Math.toIntExact(Math.min(Integer.MAX_VALUE, bytes + bytes / 16L));
        return UnpooledByteBufAllocator.DEFAULT.directBuffer(capacity, capacity);
    }

    /** Removes the bodies without readers, and returns the newest one; the others are freed. */
    private @Nullable ByteBuf takeSpare() {
        ByteBuf spare = null;
        for (var each = replaced.iterator(); each.hasNext(); ) {
            ByteBuf body = each.next();
            if (body.refCnt() == 1) {
                each.remove();
                if (spare != null) {
                    spare.release();
                }
                spare = body;
            }
        }
        return spare;
    }

    /** Releases the bodies that have no readers; the others are freed with their last reader. */
    synchronized void close() {
        closed = true;
        replaced.forEach(ByteBuf::release);
        replaced.clear();
    }
}

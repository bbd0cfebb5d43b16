// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.cache;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.internal.PlatformDependent;
import io.tacho.aggregator.http.message.RequestRejectedException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A bound on the memory of replaced bodies that slow clients still read. Above half of it, slow clients get less time; at the
 * bound, no further body is built until they have finished.
 *
 * <p>Thread safety: safe.
 */
final class RetainedBodyBudget {

    private static final long MIN_BYTES = 64L * 1024 * 1024;

    private final Deque<ByteBuf> retained = new ArrayDeque<>();
    private final long limit;
    private volatile boolean crowded;

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

    /** Releases a reference to a body, which counts against the budget as long as others hold it. */
    synchronized void release(ByteBuf body) {
        if (!body.release()) {
            retained.add(body);
        }
    }

    /**
     * Requires room for another body.
     *
     * @throws RequestRejectedException if there is none
     */
    synchronized void require(int bytes) {
        long held = 0;
        for (var each = retained.iterator(); each.hasNext(); ) {
            ByteBuf body = each.next();
            if (body.refCnt() == 0) {
                each.remove();
            } else {
                held += body.capacity();
            }
        }
        crowded = held > limit / 2;
        if (held + bytes > limit && held > 0) {
            throw new RequestRejectedException(
                    HttpResponseStatus.SERVICE_UNAVAILABLE,
                    "too many slow clients retain responses (expected: a retry in a second)");
        }
    }
}

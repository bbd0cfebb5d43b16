// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.cache;

import io.netty.buffer.ByteBuf;
import io.netty.util.internal.PlatformDependent;
import io.tacho.aggregator.http.message.RequestRejectedException;
import io.tacho.aggregator.http.message.Status;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Bodies that are out of date and still being sent: slow readers hold a reference to them, not a copy, and the sum of them is
 * bounded. When it grows, readers have to hurry; when it is too large, nothing more is made until they have.
 *
 * <p>Thread safety: safe.
 */
public final class RetainedBodyBudget {

    private static final long MIN_BYTES = 64L * 1024 * 1024;

    private final Deque<ByteBuf> bodies = new ArrayDeque<>();
    private final long limit;
    private volatile boolean crowded;

    RetainedBodyBudget() {
        this(Math.max(MIN_BYTES, PlatformDependent.maxDirectMemory() / 2));
    }

    RetainedBodyBudget(long limit) {
        this.limit = limit;
    }

    /** Whether readers have to hurry. */
    boolean isCrowded() {
        return crowded;
    }

    /** Lets go of a body; if somebody else holds it still, it is counted until nobody does. */
    public synchronized void release(ByteBuf body) {
        if (!body.release()) {
            bodies.add(body);
        }
    }

    /**
     * Asks whether another body may be made.
     *
     * @throws RequestRejectedException if not
     */
    synchronized void makeRoom(int bytes) {
        long held = 0;
        for (var each = bodies.iterator(); each.hasNext(); ) {
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
                    Status.SERVICE_UNAVAILABLE, "too many answers are being read slowly; again in a second");
        }
    }
}

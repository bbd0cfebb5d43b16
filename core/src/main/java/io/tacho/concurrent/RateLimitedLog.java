// SPDX-License-Identifier: Apache-2.0
package io.tacho.concurrent;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Limits logging to one line a minute per kind of event.
 *
 * <p>Thread safety: safe.
 */
public final class RateLimitedLog {

    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final LongSupplier nanoTime;
    private final Map<String, Long> lastLogged = new ConcurrentHashMap<>();

    /** @param nanoTime monotonic clock */
    public RateLimitedLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Returns whether an event of this kind is to be logged now; if so, no other is for a minute.
     *
     * @param kind one of few: each is kept in memory
     */
    public boolean isDue(String kind) {
        long now = nanoTime.getAsLong();
        boolean[] due = {false};
        lastLogged.compute(kind, (same, last) -> {
            due[0] = last == null || now - last >= MINUTE;
            return due[0] ? Long.valueOf(now) : last;
        });
        return due[0];
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.concurrent;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A rate limiter of log messages: each kind is due once a minute, however often it happens.
 *
 * <p>Thread safety: safe.
 */
public final class RareLog {

    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final LongSupplier nanoTime;
    private final Map<String, Long> lastLogged = new ConcurrentHashMap<>();

    /** @param nanoTime monotonic clock */
    public RareLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Whether it is time to log this kind again.
     *
     * @param kind one of few: each is remembered
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

// SPDX-License-Identifier: Apache-2.0
package io.tacho.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * A monotonic nanosecond ticker and a wall clock whose time is advanced by the test. {@link ManualScheduler} adds an
 * executor on the same time.
 *
 * <p>Thread safety: safe.
 */
public sealed class ManualTicker implements LongSupplier, InstantSource permits ManualScheduler {

    private volatile Instant origin;
    private final AtomicLong nanos = new AtomicLong();

    public ManualTicker() {
        this(Instant.parse("2026-11-22T12:00:00Z"));
    }

    public ManualTicker(Instant origin) {
        this.origin = origin;
    }

    /** Steps the wall clock ahead, or back by a negative duration; the monotonic ticker is not affected. */
    public final void stepClock(Duration step) {
        origin = origin.plus(step);
    }

    public void advance(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }

    final void advanceTo(long targetNanos) {
        nanos.set(targetNanos);
    }

    @Override
    public final long getAsLong() {
        return nanos.get();
    }

    @Override
    public final Instant instant() {
        return origin.plusNanos(nanos.get());
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Counts events: their total number, and the number within the last ten minutes.
 *
 * <p>Thread safety: safe; not for hot paths.
 */
final class RecentCounter {

    /** The period that counts as recent, accurate to a slot. */
    static final Duration WINDOW = Duration.ofMinutes(10);

    private static final int SLOTS = 60;
    private static final long SLOT_NANOS = WINDOW.toNanos() / SLOTS;

    private final LongSupplier nanoTime;
    private final long origin;
    private final long[] counts = new long[SLOTS];
    private long slot;
    private long total;

    /** Creates a counter that is zero. */
    RecentCounter(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        origin = nanoTime.getAsLong();
    }

    /** Counts one event now. */
    synchronized void increment() {
        advance();
        counts[(int) (slot % SLOTS)]++;
        total++;
    }

    /** Returns the total number of events. */
    synchronized long total() {
        return total;
    }

    /** Returns the number of events within the last ten minutes. */
    synchronized long recent() {
        advance();
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return sum;
    }

    private void advance() {
        long now = (nanoTime.getAsLong() - origin) / SLOT_NANOS;
        for (long passed = 0; slot < now && passed < SLOTS; passed++) {
            slot++;
            counts[(int) (slot % SLOTS)] = 0;
        }
        slot = now;
    }
}

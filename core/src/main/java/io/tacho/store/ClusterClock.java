// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clock by which windows are dated: that of this host, or the store's if they differ by more than a minute. The store's time
 * between two beats follows the monotonic clock, so a host's clock that is set is noticed at once, and no window is an hour long
 * or in the future.
 *
 * <p>Thread safety: safe.
 */
public final class ClusterClock implements InstantSource {

    private static final Logger logger = LoggerFactory.getLogger(ClusterClock.class);

    private static final long TOLERANCE_MILLIS = Duration.ofMinutes(1).toMillis();

    /** The store's time at a time of the monotonic clock. */
    private record Observation(long storeMillis, long nanos) {

        long millisAt(long monotonicNanos) {
            return storeMillis + TimeUnit.NANOSECONDS.toMillis(monotonicNanos - nanos);
        }
    }

    private final InstantSource host;
    private final LongSupplier nanoTime;
    private volatile @Nullable Observation last;
    private volatile boolean differs;

    /**
     * Creates a clock that is the host's until the store's time is known.
     *
     * @param nanoTime monotonic clock
     */
    public ClusterClock(InstantSource host, LongSupplier nanoTime) {
        this.host = host;
        this.nanoTime = nanoTime;
    }

    /** Notes the store's time, which it has just returned; 0 if it has no clock of its own. */
    public void observe(long storeMillis) {
        if (storeMillis <= 0) {
            return;
        }
        last = new Observation(storeMillis, nanoTime.getAsLong());
        long ahead = host.millis() - storeMillis;
        if (isTolerable(ahead) == differs) {
            differs = !differs;
            if (differs) {
                logger.warn(
                        "the clock of this host differs from Redis' by {} s; windows are dated by Redis'",
                        ahead / 1_000);
            } else {
                logger.info("the clocks of this host and of Redis agree again");
            }
        }
    }

    /**
     * Returns by how much a time is ahead of the store's clock, if it is still in the future.
     *
     * @param millis the time by the host's clock, UNIX milliseconds
     * @param nanos the same time by the monotonic clock
     * @return 0 if it is not in the future, or the store's clock is unknown
     */
    public long aheadMillis(long millis, long nanos) {
        Observation observed = last;
        return observed == null || millis <= observed.millisAt(nanoTime.getAsLong()) + TOLERANCE_MILLIS
                ? 0
                : millis - observed.millisAt(nanos);
    }

    /** {@return the error of the host's clock; empty if it agrees with the store's, or that is unknown} */
    public String problem() {
        Observation observed = last;
        long ahead = observed == null ? 0 : host.millis() - observed.millisAt(nanoTime.getAsLong());
        return isTolerable(ahead)
                ? ""
                : "the clock of this host differs from Redis' by " + ahead / 1_000 + " s; windows are dated by Redis'";
    }

    private static boolean isTolerable(long millis) {
        return Math.abs(millis) <= TOLERANCE_MILLIS;
    }

    @Override
    public long millis() {
        long hostMillis = host.millis();
        Observation observed = last;
        if (observed == null) {
            return hostMillis;
        }
        long storeMillis = observed.millisAt(nanoTime.getAsLong());
        return isTolerable(hostMillis - storeMillis) ? hostMillis : storeMillis;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }
}

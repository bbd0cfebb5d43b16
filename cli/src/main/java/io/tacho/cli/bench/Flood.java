// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** As many beats as go through one connection, and how those who listen keep up with them. */
final class Flood {

    private static final int BATCH = 200;
    private static final long TIMEOUT_SECONDS = 60;
    private static final long PAUSE_NANOS = 100_000;

    /**
     * The result of a flood.
     *
     * @param perSecond beats taken in a second, from the first one to the last one received
     * @param worstBacklog the most that were sent and not yet received
     * @param drainMillis from the last one sent to the last one received
     */
    record Outcome(long sent, double perSecond, long worstBacklog, double drainMillis) {}

    private final Resp redis;
    private final Beats beats;
    private final @Nullable LongSupplier received;
    private final long window;

    /** @param window how many messages may be sent and not yet received */
    Flood(Resp redis, Beats beats, @Nullable LongSupplier received, long window) {
        this.redis = redis;
        this.beats = beats;
        this.received = received;
        this.window = window;
    }

    /** Without a subscriber. */
    static Flood withoutSubscriber(Resp redis, Beats beats) {
        return new Flood(redis, beats, null, 0);
    }

    Outcome run(int seconds) throws IOException {
        long before = received();
        long start = System.nanoTime();
        long end = start + TimeUnit.SECONDS.toNanos(seconds);
        long sent = 0;
        long worst = 0;
        while (System.nanoTime() < end) {
            for (int i = 0; i < BATCH; i++) {
                redis.send(beats.next());
            }
            for (int i = 0; i < BATCH; i++) {
                redis.reply();
            }
            sent += BATCH;
            long backlog = received == null ? 0 : sent - (received() - before);
            worst = Math.max(worst, backlog);
            if (backlog > window) {
                await(before + sent - window, end + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS));
            }
        }
        long sentAt = System.nanoTime();
        await(before + sent, sentAt + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS));
        long receivedAt = System.nanoTime();
        return new Outcome(sent, sent / ((receivedAt - start) / 1e9), worst, (receivedAt - sentAt) / 1e6);
    }

    private long received() {
        return received == null ? 0 : received.getAsLong();
    }

    private void await(long count, long deadlineNanos) throws IOException {
        while (received != null && received() < count) {
            if (System.nanoTime() > deadlineNanos) {
                throw new IOException(received() + " messages received (expected: " + count + ")");
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}

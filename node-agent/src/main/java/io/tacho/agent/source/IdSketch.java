// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source;

import io.tacho.agent.record.HostIds;
import io.tacho.concurrent.RateLimitedLog;
import io.tacho.sketch.Encoded;
import io.tacho.sketch.HyperLogLog;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sketch of a host's ids. It is made anew only when the ids have changed, and never so often that this takes more
 * than a hundredth of the time: that of a thousand ids may be new at every beat, that of a million every ten seconds or so.
 *
 * <p>Thread safety: one caller at a time.
 */
final class IdSketch {

    private static final Logger logger = LoggerFactory.getLogger(IdSketch.class);
    private static final int PAUSE = 99;

    private final String name;
    private final HostIds ids;
    private final LongSupplier nanoTime;
    private final HostCall<Optional<Encoded<HyperLogLog>>> call;
    private final RateLimitedLog log = new RateLimitedLog(System::nanoTime);

    private @Nullable Encoded<HyperLogLog> sketch;
    private boolean failing;

    // of the calls: one at a time
    private @Nullable Encoded<HyperLogLog> made;
    private long seen;
    private long notBefore;

    IdSketch(String name, HostIds ids, LongSupplier nanoTime, Executor executor) {
        this.name = name;
        this.ids = ids;
        this.nanoTime = nanoTime;
        call = new HostCall<>(this::refresh, executor);
        notBefore = nanoTime.getAsLong();
    }

    /** Begins to read the ids. */
    void begin() {
        call.begin();
    }

    /** Returns the sketch, or the last one if there is none in time; null while there have been no ids. */
    @Nullable
    Encoded<HyperLogLog> sketch(long deadlineNanos) {
        try {
            sketch = call.await(deadlineNanos).orElse(null);
            failing = false;
        } catch (ExecutionException e) {
            failed(e.getCause());
        } catch (TimeoutException e) {
            // many ids take their time: the sketch is there at a later beat
            logger.debug("{}: the sketch is not ready", name);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return sketch;
    }

    private void failed(@Nullable Throwable cause) {
        if (!failing && log.isDue(name)) {
            logger.warn("{}: no sketch of the host's ids; keeping the last", name, cause);
        }
        failing = true;
    }

    private Optional<Encoded<HyperLogLog>> refresh() {
        long start = nanoTime.getAsLong();
        if (start - notBefore >= 0) {
            try {
                // first: what changes from here on is seen the next time
                long changes = ids.changes().getAsLong();
                if (changes != seen) {
                    made = HyperLogLog.of(ids.ids().get()).encoded();
                    seen = changes;
                }
            } finally {
                long end = nanoTime.getAsLong();
                notBefore = end + PAUSE * (end - start);
            }
        }
        return Optional.ofNullable(made);
    }
}

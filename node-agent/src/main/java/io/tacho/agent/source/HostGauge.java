// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source;

import io.tacho.concurrent.RateLimitedLog;
import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.Quality;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A host's gauge, with the last value that it returned. A gauge that throws, blocks, or returns a value out of bounds affects
 * only its own field: the last value is flagged as stale.
 *
 * <p>Thread safety: one caller at a time.
 */
final class HostGauge {

    private static final Logger logger = LoggerFactory.getLogger(HostGauge.class);

    private final Field field;
    private final HostCall<Long> call;
    private final RateLimitedLog log = new RateLimitedLog(System::nanoTime);
    private @Nullable Long last;
    private boolean failing;

    HostGauge(Field field, LongSupplier supplier, Executor executor) {
        this.field = field;
        call = new HostCall<>(supplier::getAsLong, executor);
    }

    /** Begins to read the gauge. */
    void begin() {
        call.begin();
    }

    /** Sets the field to the value of the gauge, or to its last value if it has none in time. */
    void set(SnapshotBuilder snapshot, long deadlineNanos) {
        try {
            long value = call.await(deadlineNanos);
            if (value < 0 || value > NodeSnapshot.MAX_VALUE) {
                throw new IllegalArgumentException(value + " (expected: 0 to " + NodeSnapshot.MAX_VALUE + ")");
            }
            last = value;
            failing = false;
        } catch (ExecutionException e) {
            failed(e.getCause());
        } catch (TimeoutException e) {
            failed(new TimeoutException("has not returned"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failing = true;
        } catch (RuntimeException e) {
            failed(e);
        }
        snapshot.set(field, last == null ? 0 : last);
        if (failing) {
            snapshot.flag(field, last == null ? Quality.UNAVAILABLE : Quality.STALE);
        }
    }

    private void failed(@Nullable Throwable cause) {
        if (!failing && log.isDue(field.wireName())) {
            logger.warn("{}: the host's gauge failed; keeping {}", field.wireName(), last == null ? 0 : last, cause);
        }
        failing = true;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.period;

import io.tacho.concurrent.Failures;
import io.tacho.concurrent.GuardedExecutor;
import io.tacho.model.period.PeriodCalendar;
import io.tacho.store.PeriodStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hours, days, weeks and months of the cluster: merges them every minute, and reads them.
 *
 * <p>Thread safety: safe; all work is done on the given executor, which has one thread.
 */
public final class PeriodHistory implements AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(PeriodHistory.class);

    private static final Duration INTERVAL = Duration.ofSeconds(60);
    private static final Duration FIRST = Duration.ofSeconds(5);

    /**
     * The time from a pass that failed to the next one. Agents upload at the start of their interval: a pass that fails because sources
     * change meanwhile moves to another time of it, and later ones stay there.
     */
    private static final Duration RETRY = Duration.ofSeconds(17);

    private static final int MAX_PENDING_READS = 100;
    private static final long YEAR_SECONDS = 366 * 86_400;
    private static final long WEEK_SECONDS = 7 * 86_400;

    private final PeriodStore store;
    private final PeriodCalendar calendar;
    private final GuardedExecutor executor;
    private final TierRollUp rollUp;
    private final PeriodReader reader;
    private final InstantSource clock;
    private final AtomicInteger pendingReads = new AtomicInteger();
    private int failures;

    /**
     * Creates a history that has not started.
     *
     * @param scheduler of one thread
     */
    public PeriodHistory(
            PeriodStore store, PeriodCalendar calendar, ScheduledExecutorService scheduler, InstantSource clock) {
        this.store = store;
        this.calendar = calendar;
        this.clock = clock;
        executor = new GuardedExecutor(
                scheduler, failure -> logger.error("a task of the long-term history failed", failure));
        rollUp = new TierRollUp(store, calendar, executor, clock);
        reader = new PeriodReader(store, calendar, executor);
    }

    /** Begins to merge, in the background. */
    public void start() {
        executor.schedule(this::merge, FIRST);
    }

    private void merge() {
        rollUp.pass()
                .whenCompleteAsync(
                        (count, failure) -> {
                            executor.schedule(this::merge, failure == null ? INTERVAL : RETRY);
                            report(failure);
                            warm();
                        },
                        executor);
    }

    /** Logs a failure that lasts: that of a single pass is one of uploads at the same time. */
    private void report(@Nullable Throwable failure) {
        if (failure == null && failures > 1) {
            logger.info("long-term history: hours, days and months are up to date again");
        }
        failures = failure == null ? 0 : failures + 1;
        if (failure != null && failures == 2) {
            logger.warn("long-term history: hours, days and months are not up to date: {}", Failures.message(failure));
        }
    }

    /** Reads what charts show most, so that a response need not wait for it. */
    private void warm() {
        long now = clock.instant().getEpochSecond();
        reader.read(PeriodUnit.DAY, now - YEAR_SECONDS, now)
                .thenCompose(days -> reader.read(PeriodUnit.HOUR, now - WEEK_SECONDS, now))
                .whenComplete((hours, failure) -> {
                    if (failure != null) {
                        logger.debug("long-term history: {}", Failures.message(failure));
                    }
                });
    }

    /** {@return the calendar that determines when days and months begin} */
    public PeriodCalendar calendar() {
        return calendar;
    }

    /**
     * Returns all units that overlap a time span, in order; those of which nothing is stored are gaps.
     *
     * @return completed exceptionally with a {@link RejectedExecutionException} if too many reads are pending, and with a {@link
     *     io.tacho.store.TransportException} if the store cannot be read
     */
    public CompletionStage<List<PeriodRow>> read(PeriodUnit unit, long fromSeconds, long toSeconds) {
        if (pendingReads.incrementAndGet() > MAX_PENDING_READS) {
            pendingReads.decrementAndGet();
            return CompletableFuture.failedFuture(new RejectedExecutionException(
                    "history: too many wait for it (expected: at most " + MAX_PENDING_READS + ")"));
        }
        CompletionStage<List<PeriodRow>> read;
        try {
            read = reader.read(unit, fromSeconds, toSeconds);
        } catch (RuntimeException e) {
            read = CompletableFuture.failedFuture(e);
        }
        return read.whenComplete((rows, failure) -> pendingReads.decrementAndGet());
    }

    /** Closes the store; the executor is closed by its owner. */
    @Override
    public void close() {
        store.close();
    }
}

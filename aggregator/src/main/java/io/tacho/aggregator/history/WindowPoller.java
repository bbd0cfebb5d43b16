// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

import io.tacho.concurrent.Failures;
import io.tacho.concurrent.StateLog;
import io.tacho.store.ClusterClock;
import io.tacho.store.HistoryMark;
import io.tacho.store.WindowChanges;
import io.tacho.store.WindowHistory;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the {@link WindowCache} equal to the store: loads all windows, then requests the changed windows every {@value
 * #POLL_SECONDS} s, one request at a time. From time to time it loads all windows again, to remove those that the store no longer
 * contains. While the store does not respond, the cache stays as it is. While some partitions do not respond, known windows do not
 * lose what those contributed; afterwards all windows are loaded again.
 *
 * <p>Thread safety: safe; everything is done on the given executor, which has one thread.
 */
public final class WindowPoller {

    static final long POLL_SECONDS = 2;
    static final long RELOAD_NANOS = TimeUnit.MINUTES.toNanos(5);

    private static final Logger logger = LoggerFactory.getLogger(WindowPoller.class);

    /** How much of the store responded last. */
    private enum Coverage {
        UNKNOWN,
        NONE,
        SOME,
        ALL
    }

    private final WindowHistory store;
    private final WindowCache cache;
    private final ScheduledExecutorService executor;
    private final LongSupplier nanoTime;

    private HistoryMark mark = HistoryMark.START;
    private boolean isRequestPending;
    private final ClusterClock clock;
    private final StateLog outcome;
    private Coverage coverage = Coverage.UNKNOWN;
    /** Windows were read without some partitions. */
    private boolean isIncomplete;

    private long loadedNanos;
    /** Written on the executor's thread; queries read it. */
    private volatile long knownNanos;

    private volatile boolean loaded;
    private volatile boolean current;

    /**
     * Creates a poller that has read nothing.
     *
     * @param clock learns the store's time
     * @param nanoTime monotonic clock
     */
    WindowPoller(
            WindowHistory store,
            WindowCache cache,
            ScheduledExecutorService executor,
            ClusterClock clock,
            LongSupplier nanoTime) {
        this.store = store;
        this.cache = cache;
        this.executor = executor;
        this.clock = clock;
        this.nanoTime = nanoTime;
        outcome = new StateLog(nanoTime);
        knownNanos = nanoTime.getAsLong();
    }

    /** Returns the time for which windows may have been missed: zero while the store responds, the time since the start before. */
    public Duration staleFor() {
        return current ? Duration.ZERO : Duration.ofNanos(Math.max(0, nanoTime.getAsLong() - knownNanos));
    }

    /** Requests the windows that have changed, unless a request is pending. */
    void poll() {
        if (isRequestPending) {
            return;
        }
        isRequestPending = true;
        long requestedNanos = nanoTime.getAsLong();
        boolean all = !loaded || requestedNanos - loadedNanos >= RELOAD_NANOS;
        store.changedSince(all ? HistoryMark.START : mark, WindowCache.MAX_WINDOWS, cache.maxBytes())
                .whenComplete((changes, failure) -> run(() -> {
                    isRequestPending = false;
                    if (failure == null) {
                        apply(changes, all, requestedNanos);
                    } else {
                        loadFailed(failure);
                    }
                }));
    }

    private void apply(WindowChanges changes, boolean all, long requestedNanos) {
        clock.observe(changes.storeMillis());
        mark = changes.next();
        loaded = true;
        loadedNanos = all ? requestedNanos : loadedNanos;
        if (changes.missingPartitions() > 0) {
            applyIncomplete(changes);
            return;
        }
        if (all) {
            cache.replaceAll(changes.windows());
        } else {
            cache.put(changes.windows());
        }
        if (isIncomplete && !all) {
            loaded = false;
            poll();
            return;
        }
        isIncomplete = false;
        knownNanos = requestedNanos;
        current = true;
        if (isNews(Coverage.ALL)) {
            logger.info("history: {} windows of the cluster", cache.size());
        }
    }

    private void applyIncomplete(WindowChanges changes) {
        cache.putIncomplete(changes.windows());
        isIncomplete = true;
        current = false;
        if (isNews(Coverage.SOME)) {
            logger.warn(
                    "history: {} partitions of Redis do not respond; new windows lack their nodes",
                    changes.missingPartitions());
        }
    }

    private boolean isNews(Coverage now) {
        boolean isFirst = coverage == Coverage.UNKNOWN;
        coverage = now;
        return now == Coverage.ALL ? outcome.isEndNews() || isFirst : outcome.isNews(now.name());
    }

    private void loadFailed(Throwable failure) {
        current = false;
        if (isNews(Coverage.NONE)) {
            logger.warn(
                    "history: cannot read the windows in Redis; keeping the {} known ones: {}",
                    cache.size(),
                    Failures.message(failure));
        }
    }

    private void run(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            logger.debug("closed already");
        }
    }
}

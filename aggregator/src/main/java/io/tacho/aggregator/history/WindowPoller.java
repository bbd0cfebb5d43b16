// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

import io.tacho.concurrent.Failures;
import io.tacho.model.WindowSlot;
import io.tacho.store.HistoryMark;
import io.tacho.store.WindowBatches;
import io.tacho.store.WindowHistory;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the {@link WindowCache} equal to the store: loads all windows, then requests the changed windows every {@value
 * #POLL_SECONDS} s, one request at a time. From time to time it loads all windows again, to remove those that the store no longer
 * contains. While the store does not respond, the cache stays as it is.
 *
 * <p>Thread safety: safe; everything is done on the given executor, which has one thread.
 */
public final class WindowPoller {

    static final long POLL_SECONDS = 2;
    static final long RELOAD_NANOS = TimeUnit.MINUTES.toNanos(5);

    private static final Logger logger = LoggerFactory.getLogger(WindowPoller.class);

    private final WindowHistory store;
    private final WindowCache cache;
    private final ScheduledExecutorService executor;
    private final LongSupplier nanoTime;

    private HistoryMark mark = HistoryMark.START;
    private boolean isRequestPending;
    private boolean isDisconnected;
    private long loadedNanos;
    /** Written on the executor's thread; queries read it. */
    private volatile long knownNanos;

    private volatile boolean loaded;
    private volatile boolean current;

    /**
     * Creates a poller that has read nothing.
     *
     * @param nanoTime monotonic clock
     */
    WindowPoller(WindowHistory store, WindowCache cache, ScheduledExecutorService executor, LongSupplier nanoTime) {
        this.store = store;
        this.cache = cache;
        this.executor = executor;
        this.nanoTime = nanoTime;
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
        Set<WindowSlot> found = new HashSet<>();
        WindowBatches batches = windows -> CompletableFuture.runAsync(
                () -> {
                    cache.put(windows);
                    windows.forEach(window -> found.add(window.slot()));
                },
                executor);
        store.changedSince(all ? HistoryMark.START : mark, WindowCache.MAX_WINDOWS, batches)
                .whenComplete((next, failure) -> run(() -> {
                    isRequestPending = false;
                    if (failure == null) {
                        if (all) {
                            cache.retain(found);
                            loadedNanos = requestedNanos;
                        }
                        loaded(next, requestedNanos);
                    } else {
                        loadFailed(failure);
                    }
                }));
    }

    private void loaded(HistoryMark next, long requestedNanos) {
        mark = next;
        if (!loaded || isDisconnected) {
            logger.info("history: {} windows of the cluster", cache.size());
        }
        isDisconnected = false;
        loaded = true;
        knownNanos = requestedNanos;
        current = true;
    }

    private void loadFailed(Throwable failure) {
        current = false;
        if (!isDisconnected) {
            isDisconnected = true;
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

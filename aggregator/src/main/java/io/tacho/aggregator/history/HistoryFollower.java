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
 * Keeps a {@link ClusterHistory} as the store has it: loads all windows, then asks every {@value #POLL_SECONDS} s what has
 * changed, one question at a time. From time to time it loads all again: what the store has forgotten is to be forgotten here.
 * While the store is away what is known stays.
 *
 * <p>Thread safety: safe; everything is done on the given executor, which has one thread.
 */
public final class HistoryFollower {

    static final long POLL_SECONDS = 2;
    static final long RELOAD_NANOS = TimeUnit.MINUTES.toNanos(5);

    private static final Logger logger = LoggerFactory.getLogger(HistoryFollower.class);

    private final WindowHistory store;
    private final ClusterHistory history;
    private final ScheduledExecutorService executor;
    private final LongSupplier nanoTime;

    private HistoryMark mark = HistoryMark.START;
    private boolean asking;
    private boolean away;
    private long loadedNanos;
    /** Written on the executor's thread; queries read it. */
    private volatile long knownNanos;

    private volatile boolean loaded;
    private volatile boolean current;

    /** @param nanoTime monotonic clock */
    HistoryFollower(
            WindowHistory store, ClusterHistory history, ScheduledExecutorService executor, LongSupplier nanoTime) {
        this.store = store;
        this.history = history;
        this.executor = executor;
        this.nanoTime = nanoTime;
        knownNanos = nanoTime.getAsLong();
    }

    /** Returns for how long windows may have been missed; zero while the store responds. Before the first response: since the start. */
    public Duration staleFor() {
        return current ? Duration.ZERO : Duration.ofNanos(Math.max(0, nanoTime.getAsLong() - knownNanos));
    }

    /** Requests what is missing, unless a request is in progress. */
    void poll() {
        if (asking) {
            return;
        }
        asking = true;
        long asked = nanoTime.getAsLong();
        boolean all = !loaded || asked - loadedNanos >= RELOAD_NANOS;
        Set<WindowSlot> found = new HashSet<>();
        WindowBatches batches = windows -> CompletableFuture.runAsync(
                () -> {
                    history.put(windows);
                    windows.forEach(window -> found.add(window.slot()));
                },
                executor);
        store.changedSince(all ? HistoryMark.START : mark, ClusterHistory.MAX_WINDOWS, batches)
                .whenComplete((next, failure) -> run(() -> {
                    asking = false;
                    if (failure == null) {
                        if (all) {
                            history.retain(found);
                            loadedNanos = asked;
                        }
                        loaded(next, asked);
                    } else {
                        loadFailed(failure);
                    }
                }));
    }

    private void loaded(HistoryMark next, long asked) {
        mark = next;
        if (!loaded || away) {
            logger.info("history: {} windows of the cluster", history.size());
        }
        away = false;
        loaded = true;
        knownNanos = asked;
        current = true;
    }

    private void loadFailed(Throwable failure) {
        current = false;
        if (!away) {
            away = true;
            logger.warn(
                    "history: Redis does not respond; keeping the {} known windows: {}",
                    history.size(),
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

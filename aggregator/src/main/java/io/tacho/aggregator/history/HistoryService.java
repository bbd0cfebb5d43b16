// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

import io.tacho.aggregator.cluster.DurationTotals;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.concurrent.GuardedExecutor;
import io.tacho.store.ClusterClock;
import io.tacho.store.WindowHistory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The history in one aggregator: the windows of the cluster, which are stored in Redis and are the same at every aggregator, and the
 * last windows of each node, which this aggregator has received itself. It has a thread of its own, so that reading the history
 * does not delay other requests.
 *
 * <p>Thread safety: safe.
 */
public final class HistoryService implements AutoCloseable {

    private static final Duration DISPATCH_INTERVAL = Duration.ofMillis(250);
    private static final Duration CLEANUP_INTERVAL = Duration.ofSeconds(60);
    private static final int MAX_PENDING_READS = 100;

    private static final Logger logger = LoggerFactory.getLogger(HistoryService.class);

    private final WindowHistory store;
    private final ClusterView view;
    private final GuardedExecutor executor;
    private final WindowCache cache;
    private final NodeSeries nodeSeries;
    private final WindowPoller poller;
    private final HistoryReader reader;
    private final WindowDispatcher dispatcher;

    private final DurationTotals durations = new DurationTotals();
    private final AtomicInteger pendingReads = new AtomicInteger();
    /** Confined to the executor. */
    private boolean wasReady;

    /**
     * Creates an empty history that has not started, with the largest limits.
     *
     * @param executor of one thread
     * @param clock by which spans are relative; learns the store's time
     * @param nanoTime monotonic clock
     */
    public HistoryService(
            WindowHistory store,
            ClusterView view,
            ScheduledExecutorService executor,
            ClusterClock clock,
            LongSupplier nanoTime) {
        this(store, view, executor, clock, nanoTime, WindowCache.MAX_BYTES, NodeSeries.TOTAL);
    }

    /**
     * Creates an empty history that has not started.
     *
     * @param executor of one thread
     * @param clock by which spans are relative; learns the store's time
     * @param nanoTime monotonic clock
     * @param maxBytes the memory for windows of the cluster
     * @param maxNodeWindows the number of windows of all nodes
     */
    public HistoryService(
            WindowHistory store,
            ClusterView view,
            ScheduledExecutorService executor,
            ClusterClock clock,
            LongSupplier nanoTime,
            long maxBytes,
            int maxNodeWindows) {
        this.store = store;
        this.view = view;
        cache = new WindowCache(maxBytes);
        this.executor = new GuardedExecutor(executor, failure -> logger.error("a task of the history failed", failure));
        nodeSeries = new NodeSeries(nanoTime, maxNodeWindows);
        poller = new WindowPoller(store, cache, executor, clock, nanoTime);
        reader = new HistoryReader(cache, clock);
        dispatcher = new WindowDispatcher(view, nodeSeries, durations, clock);
    }

    /** Starts to follow the store and the view, in the background. */
    public void start() {
        executor.repeat(poller::poll, Duration.ZERO, Duration.ofSeconds(WindowPoller.POLL_SECONDS));
        executor.repeat(this::dispatchOnceReady, DISPATCH_INTERVAL, DISPATCH_INTERVAL);
        executor.repeat(nodeSeries::removeSilentNodes, CLEANUP_INTERVAL, CLEANUP_INTERVAL);
    }

    /** The first load of a large cluster comes first; afterwards beats are followed, whatever state the store is in. */
    private void dispatchOnceReady() {
        wasReady |= view.status().isReady();
        if (wasReady) {
            dispatcher.process();
        }
    }

    /**
     * Returns the cluster's numbers over a time span, on the history's thread.
     *
     * @return completed exceptionally with a {@link RejectedExecutionException} if too many reads are pending
     */
    public CompletionStage<HistoryResult> read(HistorySpan span) {
        if (pendingReads.incrementAndGet() > MAX_PENDING_READS) {
            pendingReads.decrementAndGet();
            return CompletableFuture.failedFuture(new RejectedExecutionException(
                    "history: too many wait for it (expected: at most " + MAX_PENDING_READS + ")"));
        }
        return CompletableFuture.supplyAsync(() -> reader.read(span), executor)
                .whenComplete((result, failure) -> pendingReads.decrementAndGet());
    }

    /** Returns the last windows of each node. */
    public NodeSeries nodeSeries() {
        return nodeSeries;
    }

    /** Returns the durations of all requests in the windows that were seen to complete. */
    public DurationTotals durations() {
        return durations;
    }

    /** Returns the time for which windows of the cluster may have been missed; zero while the store responds. */
    public Duration staleFor() {
        return poller.staleFor();
    }

    /** Closes the store; the executor is closed by its owner. */
    @Override
    public void close() {
        store.close();
    }
}

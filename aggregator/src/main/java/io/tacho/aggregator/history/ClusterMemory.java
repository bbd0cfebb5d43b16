// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

import io.tacho.aggregator.view.ClusterView;
import io.tacho.concurrent.GuardedExecutor;
import io.tacho.store.WindowHistory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The history in an aggregator: the cluster's windows, which are stored and are the same at every aggregator, and the
 * last windows of each node, which it has heard itself. All of its work is done on a thread of its own, so that nothing of
 * the present waits for the past.
 *
 * <p>Thread safety: safe.
 */
public final class ClusterMemory implements AutoCloseable {

    private static final Duration LOOK = Duration.ofMillis(250);
    private static final Duration FORGET = Duration.ofSeconds(60);
    private static final int MAX_WAITING = 100;

    private static final Logger logger = LoggerFactory.getLogger(ClusterMemory.class);

    private final WindowHistory store;
    private final GuardedExecutor executor;
    private final ClusterHistory history;
    private final NodeSeries nodes;
    private final HistoryFollower follower;
    private final HistoryReader reader;
    private final DistinctGather gather;
    private final EndedWindows ended;
    private final AtomicInteger waiting = new AtomicInteger();

    /** A memory that is empty, with the largest limits. */
    public ClusterMemory(
            WindowHistory store,
            ClusterView view,
            ScheduledExecutorService executor,
            InstantSource clock,
            LongSupplier nanoTime) {
        this(store, view, executor, clock, nanoTime, ClusterHistory.MAX_BYTES, NodeSeries.TOTAL);
    }

    /**
     * A memory that is empty.
     *
     * @param executor of one thread
     * @param nanoTime monotonic clock
     * @param historyBytes the memory for windows of the cluster
     * @param seriesWindows the number of windows of all nodes
     */
    public ClusterMemory(
            WindowHistory store,
            ClusterView view,
            ScheduledExecutorService executor,
            InstantSource clock,
            LongSupplier nanoTime,
            long historyBytes,
            int seriesWindows) {
        this.store = store;
        history = new ClusterHistory(historyBytes);
        this.executor = new GuardedExecutor(executor, failure -> logger.error("a task of the history failed", failure));
        nodes = new NodeSeries(nanoTime, seriesWindows);
        follower = new HistoryFollower(store, history, executor, nanoTime);
        reader = new HistoryReader(history, clock);
        gather = new DistinctGather(store, history, clock);
        ended = new EndedWindows(view, nodes, gather, clock);
    }

    /** Begins to remember. */
    public void start() {
        executor.repeat(follower::poll, Duration.ZERO, Duration.ofSeconds(HistoryFollower.POLL_SECONDS));
        executor.repeat(this::process, LOOK, LOOK);
        executor.repeat(nodes::forgetSilent, FORGET, FORGET);
    }

    private void process() {
        ended.process();
        gather.write();
    }

    /** The cluster's numbers over the span; completed exceptionally with a RejectedExecutionException if too many wait. */
    public CompletionStage<History> read(HistorySpan span) {
        if (waiting.incrementAndGet() > MAX_WAITING) {
            waiting.decrementAndGet();
            return CompletableFuture.failedFuture(new RejectedExecutionException(
                    "history: too many wait for it (expected: at most " + MAX_WAITING + ")"));
        }
        return CompletableFuture.supplyAsync(() -> reader.read(span), executor)
                .whenComplete((history, failure) -> waiting.decrementAndGet());
    }

    /** The last windows of the nodes. */
    public NodeSeries nodes() {
        return nodes;
    }

    /** Returns for how long windows of the cluster may have been missed; zero while the store responds. */
    public Duration staleFor() {
        return follower.staleFor();
    }

    /** Lets go of the store; the executor is its owner's to close. */
    @Override
    public void close() {
        store.close();
    }
}

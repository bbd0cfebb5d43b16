// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.collect;

import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.LiveNode;
import io.tacho.codec.MalformedSnapshotException;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.transport.SnapshotListener;
import io.tacho.transport.SnapshotSource;
import io.tacho.transport.StoredSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the view true: applies what arrives, loads everything after each (re)connect and from time to time, and asks the
 * store before it gives a silent node up. While the store is away nobody is given up: the view stays what it was.
 *
 * <p>Thread safety: safe. Messages come on the transport's threads; loads and checks are made on the given executor.
 */
public final class Collector implements SnapshotListener, AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(Collector.class);

    private static final Duration CHECK_INTERVAL = Duration.ofMillis(100);
    private static final Duration RETRY_LOAD = Duration.ofMillis(500);

    private final SnapshotSource source;
    private final ClusterView view;
    private final ScheduledExecutorService executor;
    private final Duration sweepInterval;
    private final LongSupplier nanoTime;
    private final CollectorMetrics metrics = new CollectorMetrics();

    private final Object lock = new Object();
    /** Counts subscriptions, so that what belongs to an earlier one is recognised. */
    private long subscription;

    private boolean connected;
    private boolean loaded;
    private boolean checking;
    private boolean closed;
    private long staleSinceNanos;

    /**
     * A collector that has not started.
     *
     * @param sweepInterval how often the whole registry is read to find what messages did not tell
     * @param nanoTime monotonic clock
     */
    public Collector(
            SnapshotSource source,
            ClusterView view,
            ScheduledExecutorService executor,
            Duration sweepInterval,
            LongSupplier nanoTime) {
        this.source = source;
        this.view = view;
        this.executor = executor;
        this.sweepInterval = sweepInterval;
        this.nanoTime = nanoTime;
        staleSinceNanos = nanoTime.getAsLong();
    }

    /** Begins to collect, in the background. */
    public void start() {
        source.start(this);
        schedule(this::checkOverdue, CHECK_INTERVAL);
        schedule(this::sweep, sweepInterval);
    }

    private void schedule(Runnable task, Duration interval) {
        executor.scheduleWithFixedDelay(guarded(task), interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Connected to the store, with everything loaded that was there when it connected. */
    public boolean isReady() {
        synchronized (lock) {
            return connected && loaded;
        }
    }

    /** How long the view may have missed something; zero while it is ready. */
    public Duration staleFor() {
        synchronized (lock) {
            return connected && loaded
                    ? Duration.ZERO
                    : Duration.ofNanos(Math.max(0, nanoTime.getAsLong() - staleSinceNanos));
        }
    }

    public CollectorMetrics metrics() {
        return metrics;
    }

    @Override
    public void onSubscribed() {
        long current;
        synchronized (lock) {
            current = ++subscription;
            connected = true;
            loaded = false;
        }
        executor.execute(guarded(() -> loadFor(current)));
    }

    @Override
    public void onDisconnected() {
        synchronized (lock) {
            if (!connected || closed) {
                return;
            }
            subscription++;
            if (loaded) {
                staleSinceNanos = nanoTime.getAsLong();
            }
            connected = false;
            loaded = false;
        }
        logger.warn("Redis is away: keeping the last view of {} nodes", view.size());
    }

    /** Loads everything for the subscription, until that works or there is another one. */
    private void loadFor(long expected) {
        if (!isCurrent(expected)) {
            return;
        }
        source.loadAll().whenComplete((stored, failure) -> {
            if (failure == null) {
                executor.execute(guarded(() -> loaded(expected, stored)));
            } else {
                metrics.failedLoads.increment();
                logger.warn("load failed, trying again: {}", failure.getMessage());
                executor.schedule(guarded(() -> loadFor(expected)), RETRY_LOAD.toMillis(), TimeUnit.MILLISECONDS);
            }
        });
    }

    private void loaded(long expected, List<StoredSnapshot> stored) {
        // what the store does not know any more has one TTL to speak up again: perhaps it was the store that forgot
        view.renewDeadlines();
        applyAll(stored);
        synchronized (lock) {
            if (subscription != expected) {
                return;
            }
            loaded = true;
        }
        logger.info("following {} nodes", view.size());
    }

    private void sweep() {
        if (!isReady()) {
            return;
        }
        // what is known is told by its beats, and looked at when they fail to come
        source.loadUnknown(view::holds).whenComplete((stored, failure) -> {
            if (failure == null) {
                executor.execute(guarded(() -> applyAll(stored)));
            } else {
                metrics.failedLoads.increment();
                logger.debug("sweep failed", failure);
            }
        });
    }

    private void applyAll(List<StoredSnapshot> stored) {
        metrics.loads.increment();
        stored.forEach(entry -> apply(entry.envelope(), entry.remainingMillis(), false));
    }

    private void apply(SnapshotEnvelope beat, long livesMillis, boolean told) {
        metrics.received.increment();
        switch (view.apply(beat, livesMillis)) {
            case JOINED -> {
                metrics.joined.increment();
                // what is found before everything is loaded is told by its number then
                if (told && isReady()) {
                    logger.info("node {} ({}) joined", beat.snapshot().name(), beat.uid());
                }
            }
            case UPDATED -> {}
            case OUTDATED -> metrics.outdated.increment();
            case REFUSED -> {
                metrics.refused.increment();
                logger.debug("node {} refused: the view is full", beat.uid());
            }
        }
    }

    private void checkOverdue() {
        List<LiveNode> overdue = view.overdue();
        synchronized (lock) {
            if (overdue.isEmpty() || checking || !connected || !loaded) {
                return;
            }
            checking = true;
        }
        long current = subscription();
        source.load(overdue.stream().map(LiveNode::uid).toList())
                .whenComplete((stored, failure) -> executor.execute(guarded(() -> {
                    try {
                        if (failure == null && isCurrent(current)) {
                            giveUp(overdue, stored);
                        } else if (failure != null) {
                            metrics.failedLoads.increment();
                        }
                    } finally {
                        synchronized (lock) {
                            checking = false;
                        }
                    }
                })));
    }

    private void giveUp(List<LiveNode> overdue, List<StoredSnapshot> stored) {
        stored.forEach(entry -> apply(entry.envelope(), entry.remainingMillis(), true));
        Set<String> alive = stored.stream().map(entry -> entry.envelope().uid()).collect(Collectors.toSet());
        for (LiveNode node : overdue) {
            if (!alive.contains(node.uid())) {
                view.evict(node.uid(), node.envelope().seq()).ifPresent(lost -> {
                    metrics.lost.increment();
                    logger.info("node {} ({}) lost", lost.name(), lost.uid());
                });
            }
        }
    }

    @Override
    public void onSnapshot(SnapshotEnvelope envelope) {
        apply(envelope, envelope.ttlMillis(), true);
    }

    @Override
    public void onLeave(LeaveEnvelope envelope) {
        metrics.received.increment();
        view.leave(envelope).ifPresent(gone -> {
            metrics.left.increment();
            logger.info("node {} ({}) left", gone.name(), gone.uid());
        });
    }

    @Override
    public void onMalformed(MalformedSnapshotException problem) {
        metrics.malformed(problem.reason());
        logger.debug("malformed, {}: {}", problem.reason().label(), problem.getMessage());
    }

    private long subscription() {
        synchronized (lock) {
            return subscription;
        }
    }

    private boolean isCurrent(long expected) {
        synchronized (lock) {
            return connected && subscription == expected;
        }
    }

    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                logger.error("collector task failed", e);
            }
        };
    }

    /** Stops following; the executor is its owner's to close. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
        }
        source.close();
    }
}

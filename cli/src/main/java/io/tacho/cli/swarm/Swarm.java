// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.swarm;

import io.tacho.concurrent.DaemonThreads;
import io.tacho.concurrent.GuardedExecutor;
import io.tacho.store.SnapshotPublisher;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Many simulated nodes on one thread, each of which joins, beats and leaves as a real one does. All of them join at once;
 * from then on their beats are spread evenly over the interval.
 *
 * <p>Thread safety: safe.
 */
public final class Swarm implements AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(Swarm.class);

    private static final Duration TICK = Duration.ofMillis(5);
    private static final Duration REPORT = Duration.ofSeconds(5);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(15);

    private final SwarmSettings settings;
    private final SimulatedDetail detail;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final BatchPublisher batches;
    private final SwarmReport report;
    private final SimulatedNode[] nodes;
    private final ScheduledExecutorService thread;
    private final AtomicBoolean closed = new AtomicBoolean();

    // the swarm's thread only
    private long startedAtNanos;
    private int joined;
    private long rhythmSinceNanos;
    private long beatsDue;
    private long replaced;

    /** @param publishers the connections; they stay their owner's to close, after the swarm */
    public Swarm(
            SwarmSettings settings, List<SnapshotPublisher> publishers, InstantSource clock, LongSupplier nanoTime) {
        this.settings = settings;
        detail = SimulatedDetail.ofSize(settings.detailBytes());
        this.clock = clock;
        this.nanoTime = nanoTime;
        batches = new BatchPublisher(publishers, settings.history(), nanoTime);
        report = new SwarmReport(settings.nodes(), batches, nanoTime);
        nodes = new SimulatedNode[settings.nodes()];
        thread = DaemonThreads.scheduler("tacho-swarm");
    }

    /** Joins in the background; returns at once. */
    public void start() {
        logger.info(
                "{} simulated nodes publish every {} ms",
                nodes.length,
                settings.interval().toMillis());
        GuardedExecutor tasks = new GuardedExecutor(thread, failure -> logger.error("swarm task failed", failure));
        tasks.execute(this::begin);
        tasks.repeat(this::tick, Duration.ZERO, TICK);
        tasks.repeat(report::write, REPORT, REPORT);
    }

    void begin() {
        for (int place = 0; place < nodes.length; place++) {
            nodes[place] = new SimulatedNode(place, clock.millis(), detail);
        }
        startedAtNanos = nanoTime.getAsLong();
    }

    /** Does what is due by now. */
    void tick() {
        if (joined < nodes.length) {
            join();
        } else {
            beat();
            churn();
        }
    }

    /** As many as there is room for; what has not joined after an interval does so with its first beat. */
    private void join() {
        boolean late =
                nanoTime.getAsLong() - startedAtNanos > settings.interval().toNanos();
        while (joined < nodes.length && !late && batches.hasRoom()) {
            beat(joined++);
        }
        if (joined == nodes.length || late) {
            logger.info("{} of {} nodes have joined", joined, nodes.length);
            joined = nodes.length;
            rhythmSinceNanos = nanoTime.getAsLong();
        }
    }

    /** Node after node, at even distances: each has its own place in the interval, and all have had their turn after it. */
    private void beat() {
        double intervals = (double) rhythmNanos() / settings.interval().toNanos();
        long due = (long) (intervals * nodes.length);
        if (due - beatsDue > nodes.length) {
            // this process has slept: once around is enough
            batches.skipped.add(due - beatsDue - nodes.length);
            beatsDue = due - nodes.length;
        }
        while (beatsDue < due) {
            beat((int) (beatsDue++ % nodes.length));
        }
    }

    /** Every other one is replaced without leaving, as if it had been killed. */
    private void churn() {
        long due = (long) (rhythmNanos() / 1e9 * settings.churn());
        while (replaced < due && batches.hasRoom()) {
            int place = (int) (replaced % nodes.length);
            if (replaced % 2 == 0) {
                leave(place, 0);
            }
            nodes[place] = new SimulatedNode(place, clock.millis(), detail);
            beat(place);
            replaced++;
        }
    }

    private long rhythmNanos() {
        return nanoTime.getAsLong() - rhythmSinceNanos;
    }

    private void beat(int place) {
        batches.beat(place, nodes[place], clock.millis(), settings.ttl().toMillis());
    }

    private boolean leave(int place, long waitNanos) {
        try {
            return batches.leave(place, nodes[place], waitNanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Returns the report of the time since the last one. */
    SwarmReport report() {
        return report;
    }

    /** Lets all nodes leave, and waits at most 15 seconds for that. Idempotent. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            thread.shutdown();
            long deadline = nanoTime.getAsLong() + CLOSE_TIMEOUT.toNanos();
            boolean ended = thread.awaitTermination(CLOSE_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
            // first what is under way, so that no beat comes after its node has left
            if (ended && batches.awaitResponses(deadline - nanoTime.getAsLong())) {
                leave(deadline);
            } else {
                logger.warn("Redis does not respond: no node has left");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void leave(long deadline) throws InterruptedException {
        long failedBefore = batches.failed.sum();
        int place = 0;
        while (place < nodes.length && nodes[place] != null && leave(place, deadline - nanoTime.getAsLong())) {
            place++;
        }
        boolean acknowledged = batches.awaitResponses(deadline - nanoTime.getAsLong());
        long failed = batches.failed.sum() - failedBefore;
        if (acknowledged && failed == 0) {
            logger.info("{} nodes have left", place);
        } else {
            logger.warn("not all nodes could leave: the others are listed until their TTL is over");
        }
    }
}

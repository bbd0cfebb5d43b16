// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.collect;

import io.tacho.aggregator.collect.CollectorMetrics.Fate;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.ClusterView.Change;
import io.tacho.aggregator.view.LiveNode;
import io.tacho.codec.MalformedSnapshotException;
import io.tacho.concurrent.GuardedExecutor;
import io.tacho.concurrent.RateLimitedLog;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.SnapshotListener;
import io.tacho.store.SnapshotSource;
import io.tacho.store.StoredSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the view true. Messages bring the news of nodes that are known; whether a node is there is for the store to say, so
 * the store is asked for everything after each (re)connect and from time to time, for a node that a message is the first to
 * tell of, and for one that has been silent too long. While the store is away nobody is given up: the view stays what it was.
 *
 * <p>Thread safety: safe. Messages come on the transport's threads; what the store says is applied on the given executor.
 */
public final class Collector implements SnapshotListener, AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(Collector.class);

    private static final Duration CHECK_INTERVAL = Duration.ofMillis(100);
    private static final Duration RETRY_LOAD = Duration.ofMillis(500);

    private final SnapshotSource source;
    private final ClusterView view;
    private final GuardedExecutor worker;
    private final Duration sweepInterval;
    private final CollectorMetrics metrics;
    private final Connectedness state;
    private final RateLimitedLog rareLog;

    private final Newcomers newcomers = new Newcomers();
    private final AtomicBoolean meeting = new AtomicBoolean();
    private final AtomicBoolean checking = new AtomicBoolean();

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
        worker = new GuardedExecutor(executor, failure -> logger.error("collector task failed", failure));
        this.sweepInterval = sweepInterval;
        metrics = new CollectorMetrics(nanoTime);
        state = new Connectedness(nanoTime);
        rareLog = new RateLimitedLog(nanoTime);
    }

    /** Begins to collect, in the background. */
    public void start() {
        source.start(this);
        worker.repeat(this::check, CHECK_INTERVAL, CHECK_INTERVAL);
        worker.repeat(this::sweep, sweepInterval, sweepInterval);
    }

    /** Connected to a store that answers, with everything loaded that was there when it connected. */
    public boolean isReady() {
        return state.isReady();
    }

    /** How long the view may have missed something; zero while it is ready. */
    public Duration staleFor() {
        return state.staleFor();
    }

    public CollectorMetrics metrics() {
        return metrics;
    }

    // ---- what the transport tells

    @Override
    public void onSubscribed() {
        long subscription = state.subscribed();
        worker.execute(() -> loadFor(subscription));
    }

    @Override
    public void onDisconnected() {
        if (state.disconnected()) {
            logger.warn("Redis is away: keeping the last view of {} nodes", view.size());
        }
    }

    @Override
    public void onSnapshot(SnapshotEnvelope envelope) {
        metrics.received.increment();
        Change change = view.told(envelope);
        if (change == Change.UNKNOWN) {
            if (newcomers.add(envelope.uid())) {
                worker.execute(this::meetNewcomers);
            } else if (state.isReady()) {
                // before that everybody is unknown, and the load finds them
                refuse("too many unknown nodes at once; the next sweep finds those that are real");
            }
        }
        count(change);
    }

    @Override
    public void onLeave(LeaveEnvelope envelope) {
        metrics.received.increment();
        view.leave(envelope).ifPresent(gone -> {
            metrics.count(Fate.LEFT);
            logger.info("node {} ({}) left", gone.name(), gone.uid());
        });
    }

    @Override
    public void onMalformed(MalformedSnapshotException problem) {
        long count = metrics.count(problem.reason());
        logger.debug("malformed, {}: {}", problem.reason().label(), problem.getMessage());
        if (rareLog.isDue(problem.reason().label())) {
            logger.warn("malformed, {} ({} so far): {}", problem.reason().label(), count, problem.getMessage());
        }
    }

    // ---- everything, after each (re)connect and from time to time

    /** Loads everything for the subscription, until that works or there is another one. */
    private void loadFor(long subscription) {
        if (!state.isCurrent(subscription)) {
            return;
        }
        long asked = state.now();
        source.loadAll().whenComplete((stored, failure) -> {
            if (failure == null) {
                metrics.answered(state.now() - asked);
                worker.execute(() -> loaded(subscription, stored));
                return;
            }
            metrics.failedLoads.increment();
            if (rareLog.isDue("load")) {
                logger.warn("load failed, trying again: {}", failure.getMessage());
            }
            worker.schedule(() -> loadFor(subscription), RETRY_LOAD);
        });
    }

    private void loaded(long subscription, List<StoredSnapshot> stored) {
        // what the store does not know any more has one TTL to speak up again: perhaps it was the store that forgot
        view.renewDeadlines();
        metrics.loads.increment();
        stored.forEach(entry -> apply(entry, false));
        if (state.loaded(subscription)) {
            logger.info("following {} nodes", view.size());
        }
    }

    private void sweep() {
        if (isReady()) {
            ask(
                    () -> source.loadUnknown(view::holds),
                    stored -> {
                        metrics.loads.increment();
                        stored.forEach(entry -> apply(entry, true));
                    },
                    () -> {});
        }
    }

    private void apply(StoredSnapshot entry, boolean news) {
        metrics.received.increment();
        Change change = view.loaded(entry);
        count(change);
        if (change == Change.JOINED && news && isReady()) {
            logger.info(
                    "node {} ({}) joined",
                    entry.envelope().snapshot().name(),
                    entry.envelope().uid());
        }
    }

    private void count(Change change) {
        switch (change) {
            case JOINED -> metrics.count(Fate.JOINED);
            case OUTDATED -> metrics.outdated.increment();
            case REFUSED -> refuse("the view is full; max-nodes is " + view.maxNodes());
            case UPDATED, UNKNOWN -> {}
        }
    }

    private void refuse(String why) {
        metrics.refused.increment();
        if (rareLog.isDue("refused")) {
            logger.warn("nodes refused ({} so far): {}", metrics.refused(), why);
        }
    }

    // ---- one node at a time

    /** Asks for those that only messages have told of; one batch at a time. */
    private void meetNewcomers() {
        if (!state.isReady() || !meeting.compareAndSet(false, true)) {
            return;
        }
        List<String> uids = newcomers.take(view::holds);
        if (uids.isEmpty()) {
            meeting.set(false);
            return;
        }
        ask(() -> source.load(uids), stored -> stored.forEach(entry -> apply(entry, true)), () -> {
            meeting.set(false);
            meetNewcomers();
        });
    }

    /** Asks for those that are silent, before they are given up. */
    private void check() {
        meetNewcomers();
        if (!state.isReady() || checking.get()) {
            return;
        }
        List<LiveNode> overdue = view.overdue();
        List<LiveNode> superseded = view.superseded();
        if (overdue.isEmpty() && superseded.isEmpty()) {
            return;
        }
        checking.set(true);
        List<String> uids = Stream.of(overdue, superseded)
                .flatMap(List::stream)
                .map(LiveNode::uid)
                .distinct()
                .toList();
        ask(() -> source.load(uids), stored -> settle(overdue, superseded, stored), () -> checking.set(false));
    }

    private void settle(List<LiveNode> overdue, List<LiveNode> superseded, List<StoredSnapshot> stored) {
        Map<String, StoredSnapshot> byUid = stored.stream()
                .collect(Collectors.toMap(entry -> entry.envelope().uid(), Function.identity()));
        for (LiveNode node : overdue) {
            view.settle(node, byUid.get(node.uid())).ifPresent(lost -> {
                metrics.count(Fate.LOST);
                logger.info("node {} ({}) lost", lost.name(), lost.uid());
            });
        }
        for (LiveNode node : superseded) {
            StoredSnapshot entry = byUid.get(node.uid());
            if (entry != null && entry.envelope().seq() > node.seq()) {
                // it did beat: we missed it
                apply(entry, true);
            } else {
                view.supersede(node).ifPresent(gone -> {
                    metrics.count(Fate.RESTARTED);
                    logger.info("node {} ({}) was restarted: its predecessor is gone", gone.name(), gone.uid());
                });
            }
        }
    }

    // ---- how it is run

    /**
     * Asks the store, and does with the answer what is to be done, if it is still of the current subscription. A store that
     * is connected but does not answer is as good as away.
     *
     * @param afterwards done in either case
     */
    private void ask(
            Supplier<CompletionStage<List<StoredSnapshot>>> question,
            Consumer<List<StoredSnapshot>> action,
            Runnable afterwards) {
        long subscription = state.subscription();
        long asked = state.now();
        question.get()
                .whenComplete((stored, failure) -> worker.execute(() -> {
                    try {
                        if (failure != null) {
                            unanswered(subscription, asked, failure);
                        } else if (state.isCurrent(subscription)) {
                            metrics.answered(state.now() - asked);
                            action.accept(stored);
                        }
                    } finally {
                        afterwards.run();
                    }
                }));
    }

    private void unanswered(long subscription, long asked, Throwable failure) {
        metrics.failedLoads.increment();
        if (state.unanswered(subscription, asked)) {
            logger.warn("no answer: keeping the last view of {} nodes: {}", view.size(), failure.getMessage());
            loadFor(subscription);
        }
    }

    /** Stops following; the executor is its owner's to close. */
    @Override
    public void close() {
        state.close();
        source.close();
    }
}

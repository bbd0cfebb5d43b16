// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.collect;

import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.ClusterView.BeatResult;
import io.tacho.aggregator.view.DetailStatus;
import io.tacho.aggregator.view.KnownNode;
import io.tacho.aggregator.view.SubscriptionState;
import io.tacho.aggregator.view.ViewMetrics;
import io.tacho.concurrent.Failures;
import io.tacho.concurrent.GuardedExecutor;
import io.tacho.concurrent.RateLimitedLog;
import io.tacho.model.Envelope.Conflict;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.MalformedSnapshotException;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.SnapshotBatches;
import io.tacho.store.SnapshotListener;
import io.tacho.store.SnapshotSource;
import io.tacho.store.StoredSnapshot;
import io.tacho.units.Quantity;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the view equal to the store. Messages update known nodes; the store decides whether a node is a member. So all entries are
 * loaded after each (re)connect, and the entry of one node when a message contains an unknown node or when a known node has sent no
 * beat for too long. A periodic sweep loads what no message contained. While the store is disconnected no node is evicted.
 *
 * <p>Thread safety: safe. Messages arrive on the store's threads; responses of the store are applied on the given executor.
 */
public final class Collector implements SnapshotListener, AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(Collector.class);

    private static final Duration CHECK_INTERVAL = Duration.ofMillis(100);
    private static final Duration RETRY_LOAD = Duration.ofMillis(500);

    private final SnapshotSource source;
    private final ClusterView view;
    private final GuardedExecutor worker;
    private final Duration sweepInterval;
    private final ViewMetrics metrics;
    private final SubscriptionState state;
    private final LongSupplier nanoTime;
    private final RateLimitedLog rareLog;

    private final PendingNodes pending = new PendingNodes();
    /** Whether the worker has yet to begin to confirm: more tasks than one would only fill its queue. */
    private final AtomicBoolean confirmQueued = new AtomicBoolean();

    private final AtomicBoolean confirming = new AtomicBoolean();
    private final AtomicBoolean checking = new AtomicBoolean();
    /** Confined to the worker. */
    private long reportedDrops;

    /**
     * Creates a collector that has not started.
     *
     * @param sweepInterval how often the whole registry is read to find what messages did not contain
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
        metrics = view.metrics();
        state = view.subscription();
        this.nanoTime = nanoTime;
        rareLog = new RateLimitedLog(nanoTime);
    }

    /** Starts to follow the store, in the background. */
    public void start() {
        source.start(this);
        worker.repeat(this::confirmSuspects, CHECK_INTERVAL, CHECK_INTERVAL);
        worker.repeat(this::sweep, sweepInterval, sweepInterval);
    }

    // ---- messages of the store

    @Override
    public void onSubscribed() {
        long subscription = state.onSubscribed();
        worker.execute(() -> loadAll(subscription));
    }

    @Override
    public void onDisconnected() {
        if (state.onDisconnected()) {
            logger.warn("Redis is disconnected: keeping the last view of {} nodes", view.size());
        }
    }

    @Override
    public void onSnapshot(SnapshotEnvelope envelope) {
        metrics.countReceived();
        BeatResult result = view.onBeat(envelope);
        if (result == BeatResult.UNKNOWN) {
            if (pending.add(envelope.uid())) {
                if (!confirmQueued.getAndSet(true)) {
                    worker.execute(this::confirmPending);
                }
            } else if (state.isReady()) {
                // before the load every node is unknown, and the load finds them
                reject("too many unknown nodes at once; the next sweep finds those that are real");
            }
        }
        count(result);
    }

    @Override
    public void onLeave(LeaveEnvelope envelope) {
        metrics.countReceived();
        view.onLeave(envelope).ifPresent(gone -> logger.info("node {} ({}) left", gone.name(), gone.uid()));
    }

    @Override
    public void onConflict(Conflict conflict) {
        metrics.countReceived();
        if (view.conflicts().add(conflict) && rareLog.isDue("conflict")) {
            logger.warn(
                    "node {} has two agents: beats of {} are accepted, those of {} are rejected",
                    conflict.uid(),
                    conflict.holder(),
                    conflict.rejected());
        }
    }

    @Override
    public void onMalformed(MalformedSnapshotException problem) {
        long count = metrics.countMalformed(problem.reason());
        logger.debug("malformed, {}: {}", problem.reason().label(), problem.getMessage());
        if (rareLog.isDue(problem.reason().label())) {
            logger.warn("malformed, {} ({} so far): {}", problem.reason().label(), count, problem.getMessage());
        }
    }

    // ---- everything, after each (re)connect and from time to time

    /** Loads everything for the subscription, until that works or there is another one. */
    private void loadAll(long subscription) {
        if (!state.isCurrent(subscription)) {
            return;
        }
        long requested = nanoTime.getAsLong();
        FullLoad load = new FullLoad();
        source.loadUnknown(uid -> false, onWorker(subscription, load::accept)).whenComplete((done, failure) -> {
            if (failure == null) {
                metrics.countResponse(nanoTime.getAsLong() - requested);
                worker.execute(() -> loaded(subscription, load));
                return;
            }
            metrics.countFailedLoad();
            if (rareLog.isDue("load")) {
                logger.warn("load failed, trying again: {}", Failures.message(failure));
            }
            worker.schedule(() -> loadAll(subscription), RETRY_LOAD);
        });
    }

    private void loaded(long subscription, FullLoad load) {
        load.begin();
        metrics.countLoad();
        if (state.onLoaded(subscription)) {
            logger.info("following {} nodes", view.size());
        }
    }

    /** A load of everything that has begun when its first entry arrives. Confined to the worker. */
    private final class FullLoad {

        private boolean begun;

        void begin() {
            if (!begun) {
                begun = true;
                // a node that the store no longer contains has one TTL to register again: the store may have lost its data
                view.renewAllDeadlines();
            }
        }

        void accept(StoredSnapshot entry) {
            begin();
            apply(entry, false);
        }
    }

    private void sweep() {
        if (state.isReady()) {
            request(
                    batches -> source.loadUnknown(view::contains, batches),
                    entry -> apply(entry, true),
                    metrics::countLoad,
                    () -> {});
        }
    }

    private void apply(StoredSnapshot entry, boolean news) {
        metrics.countReceived();
        BeatResult result = view.onLoaded(entry);
        count(result);
        if (result == BeatResult.JOINED && news && state.isReady()) {
            logger.info(
                    "node {} ({}) joined",
                    entry.envelope().snapshot().name(),
                    entry.envelope().uid());
        }
    }

    private void count(BeatResult result) {
        switch (result) {
            case OUTDATED -> metrics.countOutdated();
            case REJECTED -> reject("the view is full; max-nodes is " + view.maxNodes());
            case JOINED, UPDATED, UNKNOWN -> {}
        }
    }

    private void reject(String why) {
        metrics.countRejected();
        if (rareLog.isDue("rejected")) {
            logger.warn("nodes rejected ({} so far): {}", metrics.rejected(), why);
        }
    }

    // ---- one node at a time

    /** Loads the pending nodes, one batch at a time. */
    private void confirmPending() {
        confirmQueued.set(false);
        if (!state.isReady() || !confirming.compareAndSet(false, true)) {
            return;
        }
        List<String> uids = pending.removeOldest(view::contains);
        if (uids.isEmpty()) {
            confirming.set(false);
            return;
        }
        request(batches -> source.load(uids, batches), entry -> apply(entry, true), () -> {}, () -> {
            confirming.set(false);
            confirmPending();
        });
    }

    /** Loads the silent nodes before they are evicted. */
    private void confirmSuspects() {
        reportDroppedDetail();
        confirmPending();
        if (!state.isReady() || checking.get()) {
            return;
        }
        List<KnownNode> suspects = view.suspects();
        List<KnownNode> replaced = view.replacedNodes();
        if (suspects.isEmpty() && replaced.isEmpty()) {
            return;
        }
        checking.set(true);
        List<String> uids = Stream.of(suspects, replaced)
                .flatMap(List::stream)
                .map(KnownNode::uid)
                .distinct()
                .toList();
        Map<String, KnownNode> unconfirmed = byUid(suspects);
        Map<String, KnownNode> obsolete = byUid(replaced);
        request(
                batches -> source.load(uids, batches),
                entry -> confirm(unconfirmed, obsolete, entry),
                () -> evict(unconfirmed.values(), obsolete.values()),
                () -> checking.set(false));
    }

    private void reportDroppedDetail() {
        DetailStatus detail = view.detailStatus();
        if (detail.drops() > reportedDrops && rareLog.isDue("detail")) {
            reportedDrops = detail.drops();
            logger.warn(
                    "histograms and sketches of {} nodes dropped ({} so far): max-detail-memory is {}",
                    detail.droppedNodes(),
                    detail.drops(),
                    Quantity.BYTES.format(detail.maxBytes()));
        }
    }

    private static Map<String, KnownNode> byUid(List<KnownNode> nodes) {
        return nodes.stream().collect(Collectors.toMap(KnownNode::uid, Function.identity()));
    }

    /** Removes the node of an entry from those that are evicted once everything has been read. */
    private void confirm(Map<String, KnownNode> suspects, Map<String, KnownNode> replaced, StoredSnapshot entry) {
        String uid = entry.envelope().uid();
        KnownNode suspect = suspects.remove(uid);
        if (suspect != null) {
            view.confirm(suspect, entry);
        }
        KnownNode predecessor = replaced.get(uid);
        if (predecessor != null && entry.envelope().seq() > predecessor.seq()) {
            // it did send a beat, which was missed
            replaced.remove(uid);
            apply(entry, true);
        }
    }

    private void evict(Collection<KnownNode> suspects, Collection<KnownNode> replaced) {
        for (KnownNode node : suspects) {
            view.evict(node).ifPresent(lost -> logger.info("node {} ({}) lost", lost.name(), lost.uid()));
        }
        for (KnownNode node : replaced) {
            view.removeReplaced(node)
                    .ifPresent(gone -> logger.info(
                            "node {} ({}) was restarted: its predecessor is gone", gone.name(), gone.uid()));
        }
    }

    // ---- requests to the store

    /**
     * Sends a request to the store and applies the response, if the subscription is still the current one. A store that is
     * connected but does not respond counts as disconnected.
     *
     * @param action applied to each entry
     * @param completed run after the last entry
     * @param afterwards run in either case
     */
    private void request(
            Function<SnapshotBatches, CompletionStage<Void>> request,
            Consumer<StoredSnapshot> action,
            Runnable completed,
            Runnable afterwards) {
        long subscription = state.subscriptionId();
        long requested = nanoTime.getAsLong();
        request.apply(onWorker(subscription, action))
                .whenComplete((done, failure) -> worker.execute(() -> {
                    try {
                        if (failure != null) {
                            requestFailed(subscription, requested, failure);
                        } else if (state.isCurrent(subscription)) {
                            metrics.countResponse(nanoTime.getAsLong() - requested);
                            completed.run();
                        }
                    } finally {
                        afterwards.run();
                    }
                }));
    }

    /** Returns batches whose entries are applied on the worker for as long as the subscription is the current one. */
    private SnapshotBatches onWorker(long subscription, Consumer<StoredSnapshot> action) {
        return batch -> CompletableFuture.runAsync(
                () -> {
                    if (state.isCurrent(subscription)) {
                        batch.forEach(action);
                    }
                },
                worker);
    }

    private void requestFailed(long subscription, long requested, Throwable failure) {
        metrics.countFailedLoad();
        if (state.onRequestFailed(subscription, requested)) {
            logger.warn(
                    "Redis does not respond: keeping the last view of {} nodes: {}", view.size(), failure.getMessage());
            loadAll(subscription);
        }
    }

    /** Stops following the store; the executor is closed by its owner. */
    @Override
    public void close() {
        state.expectDisconnect();
        source.close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.collect;

import io.tacho.aggregator.view.BeatEffect;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.KnownNode;
import io.tacho.aggregator.view.SubscriptionState;
import io.tacho.aggregator.view.ViewMetrics;
import io.tacho.concurrent.Failures;
import io.tacho.concurrent.GuardedExecutor;
import io.tacho.concurrent.RateLimitedLog;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.SnapshotBatches;
import io.tacho.store.SnapshotSource;
import io.tacho.store.StoredSnapshot;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the nodes of one partition equal to the store. It loads all entries after each (re)connect, periodically those that the view
 * does not contain, and one when a message is of an unknown node or when a known node sends no beat. While the partition is
 * disconnected its nodes keep their last state.
 *
 * <p>Thread safety: safe. Responses of the store are applied on the given executor.
 */
final class PartitionCollector {

    private static final Logger logger = LoggerFactory.getLogger(Collector.class);
    private static final Duration RETRY_LOAD = Duration.ofMillis(500);

    private final int partition;
    private final SnapshotSource source;
    private final ClusterView view;
    private final GuardedExecutor worker;
    private final BeatEffectCounter counter;
    private final LongSupplier nanoTime;
    private final RateLimitedLog rareLog;
    private final ViewMetrics metrics;
    private final SubscriptionState state;

    private final PendingNodes pending;
    /** Whether the worker has yet to begin to confirm: more tasks than one would only fill its queue. */
    private final AtomicBoolean confirmQueued = new AtomicBoolean();

    private final AtomicBoolean confirming = new AtomicBoolean();
    private final AtomicBoolean checking = new AtomicBoolean();
    /** Why the store does not respond; empty while it does, or is not connected. */
    private volatile String problem = "";

    PartitionCollector(
            int partition,
            SnapshotSource source,
            ClusterView view,
            GuardedExecutor worker,
            BeatEffectCounter counter,
            LongSupplier nanoTime,
            RateLimitedLog rareLog) {
        this.partition = partition;
        this.source = source;
        this.view = view;
        this.worker = worker;
        this.counter = counter;
        this.nanoTime = nanoTime;
        this.rareLog = rareLog;
        metrics = view.metrics();
        state = view.subscription();
        pending = new PendingNodes(source.partitions().count());
    }

    void onSubscribed() {
        long subscription = state.onSubscribed(partition);
        worker.execute(() -> loadAll(subscription));
    }

    void onDisconnected() {
        problem = "";
        state.onDisconnected(partition);
    }

    /** Returns why the store does not respond; empty if it responds, or is not connected. */
    String problem() {
        return problem;
    }

    /** Requests the entry of an unknown node that has sent a beat; after the load, unless that has found the beat. */
    void onUnknown(String uid, long seq) {
        if (!state.isReady(partition)) {
            pending.addLatest(uid, seq);
        } else if (!pending.add(uid, seq)) {
            counter.reject("too many unknown nodes at once; the next sweep finds those that are real");
        } else if (!confirmQueued.getAndSet(true)) {
            worker.execute(this::confirmPending);
        }
    }

    /** Loads everything for the subscription, until that works or there is another one. */
    private void loadAll(long subscription) {
        if (!state.isCurrent(partition, subscription)) {
            return;
        }
        long requested = nanoTime.getAsLong();
        FullLoad load = new FullLoad();
        source.loadUnknown(partition, uid -> false, onWorker(subscription, load::accept))
                .whenComplete((done, failure) -> {
                    if (failure == null) {
                        metrics.countStoreResponse(nanoTime.getAsLong() - requested);
                        worker.execute(() -> loaded(subscription, load));
                        return;
                    }
                    metrics.countFailedLoad();
                    state.onRequestFailed(partition, subscription, requested);
                    if (rareLog.isDue("load")) {
                        logger.warn("load failed, trying again: {}", Failures.message(failure));
                    }
                    worker.schedule(() -> loadAll(subscription), RETRY_LOAD);
                });
    }

    private void loaded(long subscription, FullLoad load) {
        load.begin();
        metrics.countLoad();
        if (state.onLoaded(partition, subscription)) {
            problem = "";
        }
    }

    /** A load of everything that begins when its first entry arrives. Confined to the worker. */
    private final class FullLoad {

        private boolean begun;

        void begin() {
            if (!begun) {
                begun = true;
                // the store may have lost its data: a missing node has one TTL to register again
                view.renewDeadlines(partition);
            }
        }

        void accept(StoredSnapshot entry) {
            begin();
            apply(view.onLoaded(entry), entry, false);
        }
    }

    void sweep() {
        if (state.isReady(partition)) {
            request(
                    batches -> source.loadUnknown(partition, uid -> isKnown(uid, 0), batches),
                    entry -> apply(view.onLoaded(entry), entry, true),
                    metrics::countLoad,
                    () -> {});
        }
    }

    private boolean isKnown(String uid, long seq) {
        return view.find(uid).filter(node -> node.seq() >= seq).isPresent();
    }

    private void apply(BeatEffect result, StoredSnapshot entry, boolean news) {
        metrics.countReceived();
        counter.count(result);
        if (result == BeatEffect.JOINED && news && state.isReady(partition)) {
            SnapshotEnvelope beat = entry.envelope();
            logger.info("node {} ({}) joined", beat.snapshot().name(), beat.uid());
        }
    }

    /** Loads the pending nodes, one batch at a time. */
    void confirmPending() {
        confirmQueued.set(false);
        if (!state.isReady(partition) || !confirming.compareAndSet(false, true)) {
            return;
        }
        // what is not connected is loaded once it is
        List<String> uids = pending.removeOldest(
                (uid, seq) -> isKnown(uid, seq) || !source.partitions().both(uid, state::isReady));
        if (uids.isEmpty()) {
            confirming.set(false);
            return;
        }
        long requested = nanoTime.getAsLong();
        Consumer<StoredSnapshot> action = entry -> apply(view.onLoadedSince(requested, entry), entry, true);
        request(batches -> source.load(uids, batches), action, () -> {}, () -> {
            confirming.set(false);
            confirmPending();
        });
    }

    /** Loads silent nodes of the partition before they are evicted. */
    void confirmOrEvict(List<KnownNode> suspects, List<KnownNode> replaced) {
        boolean isEmpty = suspects.isEmpty() && replaced.isEmpty();
        if (isEmpty || !state.isReady(partition) || !checking.compareAndSet(false, true)) {
            return;
        }
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
            apply(view.onLoaded(entry), entry, true);
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
        long subscription = state.subscriptionId(partition);
        long requested = nanoTime.getAsLong();
        request.apply(onWorker(subscription, action))
                .whenComplete((done, failure) -> worker.execute(() -> {
                    try {
                        if (failure != null) {
                            requestFailed(subscription, requested, failure);
                        } else if (state.isCurrent(partition, subscription)) {
                            metrics.countStoreResponse(nanoTime.getAsLong() - requested);
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
                    if (state.isCurrent(partition, subscription)) {
                        batch.forEach(action);
                    }
                },
                worker);
    }

    private void requestFailed(long subscription, long requested, Throwable failure) {
        metrics.countFailedLoad();
        if (state.onRequestFailed(partition, subscription, requested)) {
            problem = Failures.message(failure);
            loadAll(subscription);
        }
    }
}

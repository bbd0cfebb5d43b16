// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.collect;

import static java.util.stream.Collectors.groupingBy;

import io.tacho.aggregator.view.BeatEffect;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.KnownNode;
import io.tacho.aggregator.view.ViewMetrics;
import io.tacho.aggregator.view.detail.DetailStatus;
import io.tacho.concurrent.GuardedExecutor;
import io.tacho.concurrent.RateLimitedLog;
import io.tacho.model.Envelope.Conflict;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.MalformedSnapshotException;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.Partitions;
import io.tacho.store.SnapshotListener;
import io.tacho.store.SnapshotSource;
import io.tacho.units.Quantity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the view equal to the store. Messages update known nodes; the store decides whether a node is a member, see
 * {@link PartitionCollector}. While a partition is disconnected none of its nodes is evicted.
 *
 * <p>Thread safety: safe. Messages arrive on the store's threads; responses of the store are applied on the given executor.
 */
public final class Collector implements SnapshotListener, AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(Collector.class);

    private static final Duration CHECK_INTERVAL = Duration.ofMillis(100);

    private final SnapshotSource source;
    private final ClusterView view;
    private final GuardedExecutor worker;
    private final Duration sweepInterval;
    private final ViewMetrics metrics;
    private final BeatEffectCounter counter;
    private final RateLimitedLog rareLog;
    private final Partitions partitions;
    private final List<PartitionLoader> loaders;
    private final List<PartitionCollector> collectors;
    private final CoverageLog coverage;
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
        rareLog = new RateLimitedLog(nanoTime);
        counter = new BeatEffectCounter(view, rareLog);
        partitions = source.partitions();
        CollectorContext context = new CollectorContext(source, view, worker, counter, nanoTime, rareLog);
        loaders = IntStream.range(0, partitions.count())
                .mapToObj(partition -> new PartitionLoader(partition, context))
                .toList();
        StoreRequests requests = new StoreRequests(context, loaders);
        collectors = IntStream.range(0, partitions.count())
                .mapToObj(partition -> new PartitionCollector(partition, context, requests))
                .toList();
        coverage = new CoverageLog(view, nanoTime);
    }

    /** Starts to follow the store, in the background. */
    public void start() {
        source.start(this);
        worker.repeat(this::check, CHECK_INTERVAL, CHECK_INTERVAL);
        worker.repeat(() -> collectors.forEach(PartitionCollector::sweep), sweepInterval, sweepInterval);
    }

    // ---- messages of the store

    @Override
    public void onSubscribed(int partition) {
        loaders.get(partition).onSubscribed();
    }

    @Override
    public void onDisconnected(int partition) {
        loaders.get(partition).onDisconnected();
    }

    @Override
    public void onSnapshot(SnapshotEnvelope envelope) {
        metrics.countReceived();
        BeatEffect result = view.onBeat(envelope);
        if (result == BeatEffect.UNKNOWN) {
            collectors.get(partitions.of(envelope.uid())).onUnknown(envelope.uid(), envelope.seq());
        }
        counter.count(result);
    }

    @Override
    public void onLeave(LeaveEnvelope envelope) {
        metrics.countReceived();
        view.onLeave(envelope).ifPresent(gone -> logger.info("node {} ({}) left", gone.name(), gone.uid()));
    }

    @Override
    public void onConflict(Conflict conflict) {
        metrics.countReceived();
        if (view.conflicts().record(conflict) && rareLog.isDue("conflict")) {
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

    // ---- periodic checks

    private void check() {
        view.subscription().becomeReadyWithoutUnreachable();
        coverage.log(() -> loaders.stream().map(PartitionLoader::problem));
        reportDroppedDetail();
        collectors.forEach(PartitionCollector::confirmPending);
        confirmSuspects();
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

    /** Loads the silent nodes before they are evicted. */
    private void confirmSuspects() {
        List<KnownNode> suspects = view.suspects();
        List<KnownNode> replaced = view.nodesToReplace();
        if (suspects.isEmpty() && replaced.isEmpty()) {
            return;
        }
        Map<Integer, List<KnownNode>> suspectsByPartition = byPartition(suspects);
        Map<Integer, List<KnownNode>> replacedByPartition = byPartition(replaced);
        for (int partition = 0; partition < partitions.count(); partition++) {
            collectors
                    .get(partition)
                    .confirmOrEvict(
                            suspectsByPartition.getOrDefault(partition, List.of()),
                            replacedByPartition.getOrDefault(partition, List.of()));
        }
    }

    private Map<Integer, List<KnownNode>> byPartition(List<KnownNode> nodes) {
        return nodes.stream().filter(view::isConnected).collect(groupingBy(node -> partitions.of(node.uid())));
    }

    /** Stops following the store; the executor is closed by its owner. */
    @Override
    public void close() {
        view.subscription().onClosed();
        source.close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.collect;

import static io.tacho.testing.Snapshots.beat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.SubscriptionState.PartitionStatus;
import io.tacho.codec.SnapshotCodec;
import io.tacho.concurrent.DaemonThreads;
import io.tacho.model.MembershipEvent;
import io.tacho.redis.RedisTransport;
import io.tacho.redis.connection.RedisSettings;
import io.tacho.store.Partitions;
import io.tacho.store.SnapshotBatches;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.SnapshotSource;
import io.tacho.testing.RedisClusterSet;
import io.tacho.testing.Signals;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node whose previous partition is on another master than its current one; the master of the previous partition fails. */
class PreviousPartitionsIT {

    private static final int COUNT = 3;
    private static final int PREVIOUS = 0;
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Duration COMMAND_TIMEOUT = Duration.ofMillis(500);

    private final ScheduledExecutorService executor = DaemonThreads.scheduler("test-collect");
    private RedisClusterSet redis;
    private RedisTransport oldLayout;
    private RedisTransport newLayout;
    private SnapshotPublisher publisher;
    private ClusterView view;
    private Collector collector;
    private String uid;
    private int current;
    private int failedMaster;
    /** Runs after the request for node entries and before its response; null if nothing runs. */
    private volatile @Nullable Runnable interruption;

    private final Map<Integer, AtomicInteger> fullLoads = new ConcurrentHashMap<>();
    private final AtomicInteger failedLoads = new AtomicInteger();

    @BeforeEach
    void start() throws Exception {
        redis = RedisClusterSet.startWithoutReplicas();
        RedisSettings settings = new RedisSettings(redis.uri(), "tacho", COUNT, COMMAND_TIMEOUT);
        oldLayout = new RedisTransport(settings.withPartitions(1), new SnapshotCodec());
        newLayout = new RedisTransport(settings.withPreviousPartitions(1), new SnapshotCodec());
        publisher = oldLayout.publisher();
        chooseNode();
        SnapshotSource source = newLayout.source();
        Partitions partitions = source.partitions();
        view = new ClusterView(new SnapshotCodec(), System::nanoTime, 100, partitions, Long.MAX_VALUE);
        collector = new Collector(new Interrupted(source), view, executor, Duration.ofHours(1), System::nanoTime);
        collector.start();
        await().atMost(TIMEOUT).until(() -> view.status().isComplete());
    }

    @AfterEach
    void stop() {
        collector.close();
        publisher.close();
        oldLayout.close();
        newLayout.close();
        executor.shutdownNow();
        redis.close();
    }

    /** Finds a uid whose two entries are on different masters. */
    private void chooseNode() throws Exception {
        try (SnapshotPublisher moved = newLayout.publisher()) {
            for (int i = 0; i < 100; i++) {
                uid = "u" + i;
                get(publisher.publish(beat(uid, 1)));
                failedMaster = masterOf(uid);
                redis.flushAll();
                get(moved.publish(beat(uid, 1)));
                int other = masterOf(uid);
                redis.flushAll();
                if (failedMaster != other) {
                    current = new Partitions(COUNT).of(uid);
                    return;
                }
            }
        }
        throw new AssertionError("both layouts are on one master");
    }

    private int masterOf(String uid) {
        return IntStream.range(0, redis.size())
                .filter(master -> !redis.commands(master).keys("*:node:" + uid).isEmpty())
                .findFirst()
                .orElseThrow();
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(4 * TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    }

    private void publish(long seq, long ttlMillis) throws Exception {
        get(publisher.publish(beat(uid, "name", seq, ttlMillis)));
        await().atMost(TIMEOUT)
                .until(() -> view.find(uid).filter(node -> node.seq() == seq).isPresent());
    }

    private void signal(String name) {
        try {
            Signals.send(name, redis.node(failedMaster).process());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Sets the interruption; returns its end, or its failure. */
    private CompletableFuture<Void> interruptWith(Runnable action) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        interruption = () -> {
            try {
                action.run();
                ended.complete(null);
            } catch (RuntimeException | Error e) {
                ended.completeExceptionally(e);
                throw e;
            }
        };
        return ended;
    }

    private PartitionStatus status(int partition) {
        return view.subscription().partitionStatuses().get(partition);
    }

    @Test
    void previousMasterHangs_theCurrentPartitionStaysConnected() throws Exception {
        CompletableFuture<Void> requested = interruptWith(() -> {
            interruption = null;
            signal("STOP");
        });
        publish(2, 6_000);
        try {
            get(requested);
            await().atMost(TIMEOUT).until(() -> !status(PREVIOUS).state().equals("connected"));
            await().atMost(TIMEOUT).until(() -> failedLoads.get() > 0);
            assertThat(view.find(uid)).isPresent();
        } finally {
            signal("CONT");
        }

        await().atMost(TIMEOUT).until(() -> view.status().isComplete());
        await().atMost(TIMEOUT).until(() -> view.find(uid).isEmpty());
        assertThat(view.metrics().eventTotal(MembershipEvent.LOST)).isEqualTo(1);
        assertThat(fullLoads.get(current))
                .as("the current partition stays connected")
                .hasValue(1);
    }

    @Test
    void previousMasterLosesItsDataDuringARequest_nodeIsNotLost() throws Exception {
        CompletableFuture<Void> requested = interruptWith(() -> {
            redis.node(failedMaster).stopServer();
            await().atMost(TIMEOUT).until(() -> !status(PREVIOUS).state().equals("connected"));
            try {
                redis.node(failedMaster).startServer();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            await().atMost(TIMEOUT).until(() -> status(PREVIOUS).state().equals("connected"));
            interruption = null;
        });
        publish(2, 6_000);
        get(requested);

        await().atMost(TIMEOUT).ignoreExceptions().untilAsserted(() -> get(publisher.publish(beat(uid, 3))));

        await().atMost(TIMEOUT)
                .until(() -> view.find(uid).filter(node -> node.seq() == 3).isPresent());
        assertThat(view.metrics().eventTotal(MembershipEvent.LOST)).isZero();
    }

    /** Runs the interruption after the collector has sent a request for the entries of nodes. */
    private final class Interrupted extends ForwardingSource {

        Interrupted(SnapshotSource source) {
            super(source);
        }

        @Override
        public CompletionStage<Void> loadUnknown(int partition, Predicate<String> known, SnapshotBatches batches) {
            fullLoads.computeIfAbsent(partition, first -> new AtomicInteger()).incrementAndGet();
            return super.loadUnknown(partition, known, batches);
        }

        @Override
        public CompletionStage<Void> load(Collection<String> uids, SnapshotBatches batches) {
            Runnable action = interruption;
            boolean isSilent = view.find(uid).isPresent();
            if (action == null || !isSilent) {
                return super.load(uids, batches);
            }
            return CompletableFuture.runAsync(action)
                    .thenCompose(done -> super.load(uids, batches))
                    .whenComplete((done, failure) -> failedLoads.addAndGet(failure == null ? 0 : 1));
        }
    }
}

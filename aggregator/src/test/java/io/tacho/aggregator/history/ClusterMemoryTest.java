// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

import static io.tacho.testing.Windows.SLOT;
import static io.tacho.testing.Windows.batch;
import static io.tacho.testing.Windows.minute;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tacho.aggregator.view.ClusterView;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeStatus;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.model.WindowDetail;
import io.tacho.sketch.DistinctSketch;
import io.tacho.store.DistinctWindow;
import io.tacho.store.HistoryMark;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.StoredSnapshot;
import io.tacho.store.WindowChanges;
import io.tacho.store.WindowHistory;
import io.tacho.testing.InMemoryTransport;
import io.tacho.testing.ManualTicker;
import io.tacho.testing.Snapshots;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is remembered, over a store without a network. */
class ClusterMemoryTest {

    private static final long START = SLOT / 1_000;

    private final ManualTicker ticker =
            new ManualTicker(Instant.ofEpochMilli(SLOT).plusSeconds(70));
    private final InMemoryTransport transport = new InMemoryTransport(ticker);
    private final SnapshotPublisher folder = transport.publisher();
    private final ClusterView view = new ClusterView(new SnapshotCodec(), ticker, 1_000);
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private final ClusterMemory memory = new ClusterMemory(transport.history(), view, executor, ticker, ticker);

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    private void fold(String uid, int minute, long factor) throws Exception {
        long start = SLOT + 60_000L * minute;
        folder.fold(batch(uid, 60L * minute, 60L * (minute + 1), minute(start, factor)))
                .toCompletableFuture()
                .get(10, SECONDS);
    }

    private HistoryStep step(int minute) {
        try {
            return memory.read(new HistorySpan(START + 60L * minute, START + 60L * (minute + 1), 60))
                    .toCompletableFuture()
                    .get(10, SECONDS)
                    .steps()
                    .get(0);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void awaitPublished(int minute, Long messages) {
        await().untilAsserted(() ->
                assertThat(step(minute).get(HistoryField.NUM_MSG_PUBLISHED)).isEqualTo(messages));
    }

    private void beat(String uid, long seq, int minute, int fromUser, int toUser) {
        view.loaded(new StoredSnapshot(
                new SnapshotEnvelope(
                        seq,
                        15_000,
                        60,
                        new MetricsWindow(SLOT + 60_000L * minute, SLOT + 60_000L * (minute + 1)),
                        NodeStatus.UNKNOWN,
                        Snapshots.snapshot(uid, uid),
                        null,
                        new WindowDetail(null, null, ids(fromUser, toUser), ids(fromUser, toUser))),
                15_000));
    }

    private static String ids(int from, int to) {
        return DistinctSketch.of(
                        IntStream.range(from, to).mapToObj(id -> "id-" + id).toList())
                .toText();
    }

    @Test
    void history_isLoaded_andFollowed() throws Exception {
        fold("a", 0, 10);
        memory.start();
        awaitPublished(0, 10L);
        assertThat(memory.staleFor()).isZero();

        fold("b", 0, 5);

        awaitPublished(0, 15L);
    }

    @Test
    void storeThatIsAway_answersGoOn_andTellTheirAge() throws Exception {
        fold("a", 0, 10);
        memory.start();
        awaitPublished(0, 10L);

        transport.disconnect();
        await().until(() -> {
            ticker.advance(Duration.ofSeconds(1));
            return memory.staleFor().compareTo(Duration.ofSeconds(2)) > 0;
        });
        assertThat(step(0).get(HistoryField.NUM_MSG_PUBLISHED)).isEqualTo(10);

        transport.reconnect();
        fold("b", 0, 5);
        awaitPublished(0, 15L);
        assertThat(memory.staleFor()).isZero();
    }

    @Test
    void whatTheStoreHasForgotten_isForgottenAfterAWhile() throws Exception {
        fold("a", 0, 10);
        memory.start();
        awaitPublished(0, 10L);

        transport.flush();
        ticker.advance(Duration.ofNanos(HistoryFollower.RELOAD_NANOS));

        awaitPublished(0, null);
    }

    @Test
    void unions_areAddedToWindows_onceTheseAreThere() throws Exception {
        beat("a", 1, 0, 0, 300);
        beat("b", 1, 0, 200, 500);
        memory.start();
        awaitWindows(2);
        assertThat(step(0).get(HistoryField.NUM_UNIQUE_CLIENTS)).isNull();

        fold("a", 0, 10);
        fold("b", 0, 10);

        await().untilAsserted(() ->
                assertThat(step(0).get(HistoryField.NUM_UNIQUE_CLIENTS)).isBetween(490L, 510L));
        assertThat(step(0).get(HistoryField.NUM_CHANNELS)).isBetween(490L, 510L);
    }

    @Test
    void nodeThatLeft_isInTheUnionToo() throws Exception {
        memory.start();
        fold("a", 0, 10);
        beat("a", 1, 0, 0, 100);
        view.leave(Snapshots.leave("a", 2));

        await().untilAsserted(() ->
                assertThat(step(0).get(HistoryField.NUM_UNIQUE_CLIENTS)).isBetween(99L, 101L));
    }

    private void awaitWindows(int nodes) {
        await().until(() -> IntStream.rangeClosed('a', 'z')
                        .filter(uid ->
                                !memory.nodes().of(Character.toString(uid)).isEmpty())
                        .count()
                == nodes);
    }

    @Test
    void storeThatDoesNotAnswer_isAskedOneThingAtATime() throws Exception {
        Queue<CompletableFuture<WindowChanges>> asked = new ArrayDeque<>();
        WindowHistory silent = new WindowHistory() {
            @Override
            public CompletionStage<WindowChanges> changedSince(HistoryMark mark, int limit) {
                asked.add(new CompletableFuture<>());
                return asked.peek();
            }

            @Override
            public CompletionStage<Void> add(DistinctWindow distinct) {
                return CompletableFuture.completedFuture(null);
            }

            @Override
            public void close() {}
        };
        HistoryFollower follower = new HistoryFollower(silent, new ClusterHistory(), executor, ticker);

        onItsThread(follower::poll);
        onItsThread(follower::poll);
        assertThat(asked).hasSize(1);
        asked.peek().complete(new WindowChanges(List.of(), new HistoryMark(List.of(7L))));
        onItsThread(follower::poll);

        assertThat(asked).hasSize(2);
    }

    private void onItsThread(Runnable task) throws Exception {
        executor.submit(task).get(10, SECONDS);
    }
}

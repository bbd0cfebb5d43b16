// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

import static io.tacho.testing.Windows.SLOT;
import static io.tacho.testing.Windows.batch;
import static io.tacho.testing.Windows.minute;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.view.ClusterView;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.MetricsWindow;
import io.tacho.model.RequestKind;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.model.WindowDetail;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.Encoded;
import io.tacho.sketch.HistogramBuckets;
import io.tacho.sketch.HyperLogLog;
import io.tacho.store.ClusterClock;
import io.tacho.store.HistoryMark;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.StoredSnapshot;
import io.tacho.store.WindowChanges;
import io.tacho.store.WindowHistory;
import io.tacho.testing.InMemoryTransport;
import io.tacho.testing.ManualScheduler;
import io.tacho.testing.Snapshots;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the history service with an in-memory store. */
class HistoryServiceTest {

    private static final long START = SLOT / 1_000;

    private final ManualScheduler ticker =
            new ManualScheduler(Instant.ofEpochMilli(SLOT).plusSeconds(70));
    private final InMemoryTransport transport = new InMemoryTransport(ticker);
    private final SnapshotPublisher sink = transport.publisher();
    private final ClusterView view = new ClusterView(new SnapshotCodec(), ticker, 1_000);
    private final HistoryService history =
            new HistoryService(transport.history(), view, ticker, new ClusterClock(ticker, ticker), ticker);

    private void upload(String uid, int minute, long factor) throws Exception {
        long start = SLOT + 60_000L * minute;
        sink.upload(batch(uid, 60L * minute, 60L * (minute + 1), minute(start, factor)))
                .toCompletableFuture()
                .get(10, SECONDS);
    }

    private HistoryStep step(int minute) {
        CompletableFuture<HistoryResult> result = history.read(
                        new HistorySpan(START + 60L * minute, START + 60L * (minute + 1), 60))
                .toCompletableFuture();
        ticker.runPending();
        return result.join().steps().get(0);
    }

    private void awaitPoll() {
        ticker.advance(Duration.ofSeconds(WindowPoller.POLL_SECONDS));
    }

    private void awaitPublished(int minute, Long messages) {
        awaitPoll();
        assertThat(step(minute).get(HistoryField.NUM_MSG_PUBLISHED)).isEqualTo(messages);
    }

    private static Encoded<HyperLogLog> ids(int from, int to) {
        return HyperLogLog.of(
                        IntStream.range(from, to).mapToObj(id -> "id-" + id).toList())
                .encoded();
    }

    /** A beat of a window with one request of 5 ns. */
    private void beatWithDuration(String uid, long seq, int minute) {
        long[] buckets = new long[HistogramBuckets.COUNT];
        buckets[5] = 1;
        view.onLoaded(new StoredSnapshot(
                SnapshotEnvelope.builder(Snapshots.snapshot(uid, uid))
                        .seq(seq)
                        .ttlMillis(15_000)
                        .metricsIntervalSeconds(60)
                        .window(new MetricsWindow(SLOT + 60_000L * minute, SLOT + 60_000L * (minute + 1)))
                        .detail(new WindowDetail(
                                DurationHistogram.of(buckets, 5, 5).encoded(), null, null, null))
                        .build(),
                15_000));
        ticker.advance(Duration.ofMillis(300));
    }

    private long requests() {
        return Arrays.stream(history.durations().of(RequestKind.API).buckets()).sum();
    }

    @BeforeEach
    void becomeReady() {
        view.subscription().onLoaded(0, view.subscription().onSubscribed(0));
    }

    @Test
    void durations_completeWindow_isCountedOnce() {
        history.start();
        beatWithDuration("a", 1, 0);
        assertThat(requests())
                .as("the window may have been counted by an earlier aggregator")
                .isZero();

        beatWithDuration("a", 2, 1);
        beatWithDuration("a", 3, 1);
        assertThat(requests()).isEqualTo(1);

        beatWithDuration("b", 1, 1);
        beatWithDuration("b", 2, 2);
        assertThat(requests()).isEqualTo(2);
        assertThat(history.durations().of(RequestKind.API).sumNanos()).isEqualTo(10);
    }

    /** Messages arrive although the store does not respond to requests. */
    @Test
    void durations_whileDisconnected_areCounted() {
        history.start();
        beatWithDuration("a", 1, 0);

        view.subscription().onDisconnected(0);
        beatWithDuration("a", 2, 1);
        beatWithDuration("a", 3, 2);

        assertThat(requests()).isEqualTo(2);
    }

    @Test
    void durations_lastWindowOfALeavingNode_isCounted() {
        history.start();
        beatWithDuration("a", 1, 0);
        view.onLoaded(new StoredSnapshot(
                SnapshotEnvelope.builder(Snapshots.snapshot("a", "a"))
                        .seq(2)
                        .ttlMillis(15_000)
                        .metricsIntervalSeconds(60)
                        .window(new MetricsWindow(SLOT + 60_000L, SLOT + 90_000L))
                        .detail(view.find("a").orElseThrow().detail())
                        .build(),
                15_000));
        view.onLeave(Snapshots.leave("a", 3));
        ticker.advance(Duration.ofMillis(300));

        assertThat(requests()).isEqualTo(1);
    }

    @Test
    void history_isLoadedAndUpdated() throws Exception {
        upload("a", 0, 10);
        history.start();
        awaitPublished(0, 10L);
        assertThat(history.staleFor()).isZero();

        upload("b", 0, 5);

        awaitPublished(0, 15L);
    }

    @Test
    void unreachableStore_responsesContinueWithTheirAge() throws Exception {
        upload("a", 0, 10);
        history.start();
        awaitPublished(0, 10L);

        transport.disconnect();
        ticker.advance(Duration.ofSeconds(5));
        assertThat(history.staleFor()).isGreaterThan(Duration.ofSeconds(2));
        assertThat(step(0).get(HistoryField.NUM_MSG_PUBLISHED)).isEqualTo(10);

        transport.reconnect();
        upload("b", 0, 5);
        awaitPublished(0, 15L);
        assertThat(history.staleFor()).isZero();
    }

    @Test
    void windowsDeletedFromTheStore_areRemovedByTheNextReload() throws Exception {
        upload("a", 0, 10);
        history.start();
        awaitPublished(0, 10L);

        transport.flush();
        ticker.advance(Duration.ofNanos(WindowPoller.RELOAD_NANOS));

        awaitPublished(0, null);
    }

    @Test
    void distinctIds_areMergedOverAllNodesOfAWindow() throws Exception {
        history.start();
        for (String uid : new String[] {"a", "b"}) {
            Encoded<HyperLogLog> ids = uid.equals("a") ? ids(0, 300) : ids(200, 500);
            sink.upload(batch(uid, 0, 60, minute(SLOT, 10).withDetail(new WindowDetail(null, null, ids, ids))))
                    .toCompletableFuture()
                    .get(10, SECONDS);
        }

        awaitPoll();

        assertThat(step(0).get(HistoryField.NUM_UNIQUE_CLIENTS)).isBetween(490L, 510L);
        assertThat(step(0).get(HistoryField.NUM_CHANNELS)).isBetween(490L, 510L);
    }

    @Test
    void unresponsiveStore_hasAtMostOnePendingRequest() throws Exception {
        Queue<CompletableFuture<WindowChanges>> asked = new ArrayDeque<>();
        WindowHistory silent = new WindowHistory() {
            @Override
            public CompletionStage<WindowChanges> changedSince(HistoryMark mark, int limit, long maxBytes) {
                asked.add(new CompletableFuture<>());
                return asked.peek();
            }

            @Override
            public void close() {}
        };
        WindowPoller follower =
                new WindowPoller(silent, new WindowCache(), ticker, new ClusterClock(ticker, ticker), ticker);

        follower.poll();
        follower.poll();
        assertThat(asked).hasSize(1);
        asked.peek().complete(new WindowChanges(List.of(), new HistoryMark(List.of(7L))));
        ticker.runPending();
        follower.poll();

        assertThat(asked).hasSize(2);
    }

    /** The series are filled only after the view is loaded, so that no node is missing. */
    @Test
    void nodeSeries_isFilledOnceTheViewIsReady() {
        ClusterView loading = new ClusterView(new SnapshotCodec(), ticker, 1_000);
        HistoryService service =
                new HistoryService(transport.history(), loading, ticker, new ClusterClock(ticker, ticker), ticker);
        service.start();
        long subscription = loading.subscription().onSubscribed(0);
        loading.onLoaded(new StoredSnapshot(Snapshots.beat("loaded", 1), 15_000));
        ticker.advance(Duration.ofSeconds(2));
        assertThat(service.nodeSeries().windowsOf("loaded")).isEmpty();

        loading.subscription().onLoaded(0, subscription);
        ticker.advance(Duration.ofSeconds(2));

        assertThat(service.nodeSeries().windowsOf("loaded")).hasSize(1);
        service.close();
    }
}

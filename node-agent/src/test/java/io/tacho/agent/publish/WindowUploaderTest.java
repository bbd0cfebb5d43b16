// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.publish;

import static io.tacho.testing.Windows.SLOT;
import static io.tacho.testing.Windows.minute;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.model.ClusterWindow;
import io.tacho.model.NodeStatus;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.ClusterClock;
import io.tacho.store.HistoryMark;
import io.tacho.store.TransportException;
import io.tacho.store.UploadResult;
import io.tacho.store.WindowSink;
import io.tacho.store.WindowUpload;
import io.tacho.testing.InMemoryTransport;
import io.tacho.testing.ManualScheduler;
import io.tacho.testing.Snapshots;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class WindowUploaderTest {

    /** Uploads of late windows are spread over up to 15 s each. */
    private static final Duration ALL_LATE = Duration.ofMinutes(10);

    /** Forwards uploads, or fails as configured by the test. */
    private final class Sink implements WindowSink {

        final List<WindowUpload> batches = new CopyOnWriteArrayList<>();
        volatile boolean losesResponses;
        volatile boolean throwing;

        @Override
        public CompletionStage<UploadResult> upload(WindowUpload batch) {
            batches.add(batch);
            if (throwing) {
                throw new IllegalStateException("of the transport");
            }
            CompletionStage<UploadResult> response = transport.publisher().upload(batch);
            return losesResponses
                    ? CompletableFuture.failedFuture(new TransportException("no response", null))
                    : response;
        }
    }

    private final ManualScheduler ticker = new ManualScheduler();
    private final InMemoryTransport transport = new InMemoryTransport(ticker);
    private final Sink sink = new Sink();
    private WindowUploader uploader = create(Duration.ofHours(1));

    private WindowUploader create(Duration history) {
        PublishSettings settings = PublishSettings.of("node_1", Duration.ofSeconds(60), null, null, history);
        return new WindowUploader(sink, settings, "w1", new ClusterClock(ticker, ticker), ticker, ticker, () -> 0.9);
    }

    private void add(int minute) {
        add("u1", minute);
    }

    private void beatOfOtherWriter(String uid) {
        transport
                .publisher()
                .publish(SnapshotEnvelope.builder(Snapshots.snapshot(uid, "name"))
                        .seq(1)
                        .ttlMillis(ALL_LATE.toMillis())
                        .metricsIntervalSeconds(60)
                        .status(new NodeStatus("host-2", 5_000, false).withWriter("w2"))
                        .build());
    }

    private void add(String uid, int minute) {
        uploader.add(new ClosedWindow(uid, minute(SLOT + 60_000L * minute, 1), null));
    }

    private List<ClusterWindow> windows() {
        return transport
                .history()
                .changedSince(HistoryMark.START, 1_000)
                .toCompletableFuture()
                .join()
                .windows();
    }

    private void awaitUploadedOnce(int windows) {
        ticker.advance(ALL_LATE);
        assertThat(windows())
                .hasSize(windows)
                .allSatisfy(window -> assertThat(window.nodeWindows()).isEqualTo(1));
    }

    @Test
    void add_windowIsUploadedSoon() {
        add(0);
        awaitUploadedOnce(1);
        add(1);
        awaitUploadedOnce(2);
    }

    @Test
    void add_historyDisabled_nothingIsUploaded() {
        uploader = create(Duration.ZERO);
        add(0);

        uploader.finish().join();

        assertThat(sink.batches).isEmpty();
    }

    @Test
    void add_uploadsAreSpreadAfterWindowEnd() {
        add(0);

        ticker.advance(Duration.ofSeconds(1));
        assertThat(sink.batches).isEmpty();

        awaitUploadedOnce(1);
    }

    @Test
    void upload_responseLost_windowIsCountedOnce() {
        sink.losesResponses = true;
        add(0);
        ticker.advance(ALL_LATE);
        assertThat(sink.batches).hasSizeGreaterThanOrEqualTo(3);
        sink.losesResponses = false;
        add(1);

        awaitUploadedOnce(2);
    }

    @Test
    void upload_failed_isRetried() {
        transport.disconnect();
        for (int minute = 0; minute < 30; minute++) {
            add(minute);
        }
        ticker.advance(ALL_LATE);
        assertThat(sink.batches).hasSizeGreaterThanOrEqualTo(3);

        transport.reconnect();

        awaitUploadedOnce(30);
    }

    @Test
    void upload_sinkThrows_isRetried() {
        sink.throwing = true;
        add(0);
        ticker.advance(ALL_LATE);
        assertThat(sink.batches).hasSizeGreaterThanOrEqualTo(3);
        sink.throwing = false;

        awaitUploadedOnce(1);
    }

    @Test
    void upload_storeLostData_retainedWindowsAreUploadedAgain() {
        for (int minute = 0; minute < 20; minute++) {
            add(minute);
        }
        awaitUploadedOnce(20);
        transport.flush();

        add(20);

        awaitUploadedOnce(21);
    }

    @Test
    void upload_storeLostData_windowsOfPreviousUidAreUploadedAgain() {
        add(0);
        add("u2", 1);
        awaitUploadedOnce(2);
        transport.flush();

        add("u2", 2);

        awaitUploadedOnce(3);
    }

    @Test
    void upload_storeLostDataAndPreviousUidIsAnotherWriters_windowsOfCurrentUidFollow() {
        add(0);
        add("u2", 1);
        awaitUploadedOnce(2);
        transport.flush();
        beatOfOtherWriter("u1");

        add("u2", 2);

        awaitUploadedOnce(2);
        assertThat(windows())
                .extracting(window -> window.startMillis())
                .containsExactlyInAnyOrder(SLOT + 60_000, SLOT + 120_000);
    }

    @Test
    void finish_previousUidIsAnotherWriters_windowsOfCurrentUidAreUploaded() {
        beatOfOtherWriter("u1");
        add(0);
        add("u2", 1);

        uploader.finish().join();

        assertThat(windows()).hasSize(1);
    }

    @Test
    void finish_uploadsAllRemainingWindows() {
        for (int minute = 0; minute < 30; minute++) {
            add(minute);
        }

        uploader.finish().join();

        awaitUploadedOnce(30);
    }

    @Test
    void finish_stopsAtFirstFailure() {
        add(0);
        transport.disconnect();

        uploader.finish().join();

        assertThat(sink.batches).hasSize(1);
    }
}

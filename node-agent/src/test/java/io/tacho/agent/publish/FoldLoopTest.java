// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.publish;

import static io.tacho.testing.Windows.SLOT;
import static io.tacho.testing.Windows.minute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tacho.model.ClusterWindow;
import io.tacho.store.FoldBatch;
import io.tacho.store.HistoryMark;
import io.tacho.store.TransportException;
import io.tacho.store.WindowFolder;
import io.tacho.testing.InMemoryTransport;
import io.tacho.testing.ManualTicker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FoldLoopTest {

    /** Passes batches on, or not, as the test says. */
    private final class Folder implements WindowFolder {

        final List<FoldBatch> batches = new CopyOnWriteArrayList<>();
        volatile boolean losesAnswers;
        volatile boolean throwing;

        @Override
        public CompletionStage<Long> fold(FoldBatch batch) {
            batches.add(batch);
            if (throwing) {
                throw new IllegalStateException("of the transport");
            }
            CompletionStage<Long> answer = transport.publisher().fold(batch);
            return losesAnswers ? CompletableFuture.failedFuture(new TransportException("no answer", null)) : answer;
        }
    }

    private final InMemoryTransport transport = new InMemoryTransport(new ManualTicker());
    private final Folder folder = new Folder();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private FoldLoop loop = loop(Duration.ofHours(1), 0);

    private FoldLoop loop(Duration history, double random) {
        PublishSettings settings = PublishSettings.of("node_1", Duration.ofSeconds(60), null, null, history);
        return new FoldLoop(folder, settings, thread, System::nanoTime, () -> random);
    }

    @AfterEach
    void end() {
        thread.shutdownNow();
    }

    private void add(int minute) {
        loop.add(new ClosedWindow("u1", minute(SLOT + 60_000L * minute, 1)));
    }

    private List<ClusterWindow> windows() throws Exception {
        return transport
                .history()
                .changedSince(HistoryMark.START, 1_000)
                .toCompletableFuture()
                .get()
                .windows();
    }

    private void awaitFoldedOnce(int windows) {
        await().untilAsserted(() -> assertThat(windows())
                .hasSize(windows)
                .allSatisfy(window -> assertThat(window.folds()).isEqualTo(1)));
    }

    @Test
    void add_isFoldedSoon() {
        add(0);
        awaitFoldedOnce(1);
        add(1);
        awaitFoldedOnce(2);
    }

    @Test
    void add_noHistoryIsFoldedNever() throws Exception {
        loop = loop(Duration.ZERO, 0);
        add(0);

        loop.finish().get(1, TimeUnit.SECONDS);

        assertThat(folder.batches).isEmpty();
    }

    @Test
    void add_isSpreadOverTheSecondsAfterItsEnd() throws Exception {
        loop = loop(Duration.ofHours(1), 0.9);
        add(0);

        assertThat(thread.awaitTermination(300, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(folder.batches).isEmpty();

        loop.finish().get(1, TimeUnit.SECONDS);
        awaitFoldedOnce(1);
    }

    @Test
    void fold_lostAnswersDoubleNothing() {
        folder.losesAnswers = true;
        add(0);
        await().until(() -> folder.batches.size() >= 3);
        folder.losesAnswers = false;
        add(1);

        awaitFoldedOnce(2);
    }

    @Test
    void fold_whatCouldNotBeFoldedIsTriedAgain() {
        transport.disconnect();
        for (int minute = 0; minute < 30; minute++) {
            add(minute);
        }
        await().until(() -> folder.batches.size() >= 3);

        transport.reconnect();

        awaitFoldedOnce(30);
    }

    @Test
    void fold_folderThatThrows() {
        folder.throwing = true;
        add(0);
        await().until(() -> folder.batches.size() >= 3);
        folder.throwing = false;

        awaitFoldedOnce(1);
    }

    @Test
    void fold_storeThatForgotGetsWhatIsKept() {
        for (int minute = 0; minute < 20; minute++) {
            add(minute);
        }
        awaitFoldedOnce(20);
        transport.flush();

        add(20);

        awaitFoldedOnce(21);
    }

    @Test
    void finish_foldsAllThatIsLeft() throws Exception {
        loop = loop(Duration.ofHours(1), 0.9);
        for (int minute = 0; minute < 30; minute++) {
            add(minute);
        }

        loop.finish().get(1, TimeUnit.SECONDS);

        awaitFoldedOnce(30);
    }

    @Test
    void finish_endsWithTheFirstFailure() throws Exception {
        loop = loop(Duration.ofHours(1), 0.9);
        add(0);
        transport.disconnect();

        loop.finish().get(1, TimeUnit.SECONDS);

        assertThat(folder.batches).hasSize(1);
    }
}

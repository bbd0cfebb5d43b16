// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.publish;

import static io.tacho.testing.Windows.SLOT;
import static io.tacho.testing.Windows.minute;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.model.ClusterWindow;
import io.tacho.store.FoldBatch;
import io.tacho.store.HistoryMark;
import io.tacho.store.TransportException;
import io.tacho.store.WindowFolder;
import io.tacho.testing.InMemoryTransport;
import io.tacho.testing.ManualScheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class FoldLoopTest {

    /** Late windows are spread over up to 15 s each. */
    private static final Duration ALL_LATE = Duration.ofMinutes(10);

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

    private final ManualScheduler ticker = new ManualScheduler();
    private final InMemoryTransport transport = new InMemoryTransport(ticker);
    private final Folder folder = new Folder();
    private FoldLoop loop = loop(Duration.ofHours(1));

    private FoldLoop loop(Duration history) {
        PublishSettings settings = PublishSettings.of("node_1", Duration.ofSeconds(60), null, null, history);
        return new FoldLoop(folder, settings, ticker, ticker, () -> 0.9);
    }

    private void add(int minute) {
        loop.add(new ClosedWindow("u1", minute(SLOT + 60_000L * minute, 1)));
    }

    private List<ClusterWindow> windows() {
        return transport
                .history()
                .changedSince(HistoryMark.START, 1_000)
                .toCompletableFuture()
                .join()
                .windows();
    }

    private void awaitFoldedOnce(int windows) {
        ticker.advance(ALL_LATE);
        assertThat(windows())
                .hasSize(windows)
                .allSatisfy(window -> assertThat(window.folds()).isEqualTo(1));
    }

    @Test
    void add_isFoldedSoon() {
        add(0);
        awaitFoldedOnce(1);
        add(1);
        awaitFoldedOnce(2);
    }

    @Test
    void add_noHistoryIsFoldedNever() {
        loop = loop(Duration.ZERO);
        add(0);

        loop.finish().join();

        assertThat(folder.batches).isEmpty();
    }

    @Test
    void add_isSpreadOverTheSecondsAfterItsEnd() {
        add(0);

        ticker.advance(Duration.ofSeconds(1));
        assertThat(folder.batches).isEmpty();

        awaitFoldedOnce(1);
    }

    @Test
    void fold_lostAnswersDoubleNothing() {
        folder.losesAnswers = true;
        add(0);
        ticker.advance(ALL_LATE);
        assertThat(folder.batches).hasSizeGreaterThanOrEqualTo(3);
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
        ticker.advance(ALL_LATE);
        assertThat(folder.batches).hasSizeGreaterThanOrEqualTo(3);

        transport.reconnect();

        awaitFoldedOnce(30);
    }

    @Test
    void fold_folderThatThrows() {
        folder.throwing = true;
        add(0);
        ticker.advance(ALL_LATE);
        assertThat(folder.batches).hasSizeGreaterThanOrEqualTo(3);
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
    void finish_foldsAllThatIsLeft() {
        for (int minute = 0; minute < 30; minute++) {
            add(minute);
        }

        loop.finish().join();

        awaitFoldedOnce(30);
    }

    @Test
    void finish_endsWithTheFirstFailure() {
        add(0);
        transport.disconnect();

        loop.finish().join();

        assertThat(folder.batches).hasSize(1);
    }
}

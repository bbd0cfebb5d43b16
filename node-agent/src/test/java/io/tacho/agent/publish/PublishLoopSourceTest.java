// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.agent.record.IntervalRecorder;
import io.tacho.agent.record.RecordedInterval;
import io.tacho.agent.source.NodeSource;
import io.tacho.agent.source.NodeState;
import io.tacho.model.ClusterWindow;
import io.tacho.model.Envelope;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.QualityFlags;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.HistoryMark;
import io.tacho.store.SnapshotPublisher;
import io.tacho.testing.InMemoryTransport;
import io.tacho.testing.ManualScheduler;
import io.tacho.testing.RecordingListener;
import io.tacho.testing.Snapshots;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The publish loop with sources that are slow, disappear, return, or change their uid. */
class PublishLoopSourceTest {

    private static final Duration BEAT = Duration.ofMillis(100);

    private final ManualScheduler ticker = new ManualScheduler();
    private final InMemoryTransport transport = new InMemoryTransport(ticker);
    private final RecordingListener listener = new RecordingListener();
    private final ScriptedSource source = new ScriptedSource();
    private PublishLoop loop;

    private static final class ScriptedSource implements NodeSource {

        volatile String uid = "a";
        volatile CompletionStage<Void> fresh = CompletableFuture.completedFuture(null);
        volatile boolean knowsWindows = true;
        volatile boolean lost;
        volatile Error error;

        @Override
        public String describe() {
            return "a script";
        }

        @Override
        public CompletionStage<Void> refresh() {
            if (error != null) {
                throw error;
            }
            return fresh;
        }

        @Override
        public boolean isLost() {
            return lost;
        }

        @Override
        public boolean endWindow() {
            return knowsWindows;
        }

        @Override
        public void finish() {
            knowsWindows = true;
        }

        @Override
        public NodeState read(RecordedInterval recorded) {
            String now = uid;
            return now == null
                    ? null
                    : new NodeState(
                            Snapshots.snapshot(now, "node_1"), recorded, null, Map.of(), QualityFlags.NONE, null);
        }
    }

    @BeforeEach
    void startListener() {
        transport.source().start(listener);
    }

    @AfterEach
    void close() {
        loop.close();
    }

    private void start(Duration metricsInterval) {
        start(metricsInterval, BEAT);
    }

    private void start(Duration metricsInterval, Duration publishInterval) {
        PublishSettings settings = PublishSettings.of("node_1", metricsInterval, publishInterval, null, null);
        SnapshotAssembler assembler = new SnapshotAssembler(settings, new IntervalRecorder(), source, ticker, ticker);
        loop = new PublishLoop(
                assembler, transport.publisher(), settings, ticker, ticker, () -> 0, Duration.ofMillis(10));
        loop.start();
        ticker.runPending();
    }

    private List<String> beats() {
        return listener.envelopes.stream()
                .filter(SnapshotEnvelope.class::isInstance)
                .map(Envelope::uid)
                .toList();
    }

    private List<String> leaves() {
        return listener.envelopes.stream()
                .filter(LeaveEnvelope.class::isInstance)
                .map(Envelope::uid)
                .toList();
    }

    @Test
    void unknownNode_isNotPublished() {
        source.uid = null;
        start(Duration.ofMinutes(1));
        ticker.advance(BEAT.multipliedBy(3));
        assertThat(listener.envelopes).isEmpty();

        source.uid = "a";
        ticker.advance(BEAT);

        assertThat(beats()).contains("a");
        assertThat(leaves()).isEmpty();
    }

    @Test
    void goneNode_leavesImmediately_publishesAgainOnReturn() {
        start(Duration.ofMinutes(1));
        assertThat(beats()).contains("a");

        source.uid = null;
        ticker.advance(BEAT);
        assertThat(leaves()).containsExactly("a");
        int before = beats().size();

        source.uid = "a";
        ticker.advance(BEAT);
        assertThat(beats()).hasSize(before + 1);
        assertThat(leaves()).containsExactly("a");
    }

    @Test
    void lostNode_expiresByTtl_leavesImmediatelyIfDraining() {
        start(Duration.ofMinutes(1));
        source.lost = true;
        source.uid = null;
        ticker.advance(BEAT);
        int before = beats().size();
        ticker.advance(BEAT.multipliedBy(3));
        assertThat(leaves()).isEmpty();
        assertThat(beats()).hasSize(before);

        source.uid = "a";
        ticker.advance(BEAT);
        assertThat(beats()).hasSize(before + 1);
        loop.drain();
        source.uid = null;
        ticker.advance(BEAT);
        assertThat(leaves()).containsExactly("a");
    }

    @Test
    void uidChange_oldNodeLeaves_newNodeIsPublished() {
        start(Duration.ofMinutes(1));
        assertThat(beats()).contains("a");

        source.uid = "b";
        ticker.advance(BEAT);

        assertThat(beats()).contains("b");
        assertThat(leaves()).containsExactly("a");
        int lastOfA = listener.envelopes.indexOf(listener.envelopes.stream()
                .filter(LeaveEnvelope.class::isInstance)
                .findFirst()
                .orElseThrow());
        assertThat(listener.envelopes.subList(lastOfA + 1, listener.envelopes.size()))
                .extracting(Envelope::uid)
                .containsOnly("b");
    }

    @Test
    void beat_waitsForPendingRefresh() {
        CompletableFuture<Void> response = new CompletableFuture<>();
        source.fresh = response;
        start(Duration.ofMinutes(1), Duration.ofSeconds(30));
        ticker.advance(Duration.ofSeconds(29));
        assertThat(listener.envelopes).isEmpty();

        response.complete(null);
        ticker.runPending();

        assertThat(beats()).hasSize(1);
    }

    @Test
    void beat_continuesWhileRefreshIsPending() {
        source.fresh = new CompletableFuture<>();
        start(Duration.ofMinutes(1));
        ticker.advance(BEAT.multipliedBy(4));
        assertThat(beats()).hasSizeGreaterThan(1);

        source.fresh = null;
        int before = beats().size();
        ticker.advance(BEAT.multipliedBy(2));
        assertThat(beats()).hasSizeGreaterThan(before);
    }

    @Test
    void beat_continuesAfterSourceError() {
        source.error = new OutOfMemoryError("unable to create native thread");
        start(Duration.ofMinutes(1));
        ticker.advance(BEAT);
        int before = beats().size();
        assertThat(before).as("beats with the last values").isPositive();

        source.error = null;
        ticker.advance(BEAT);

        assertThat(beats()).hasSizeGreaterThan(before);
    }

    @Test
    void windowUnknownToSource_endsWithFirstBeatAtWhichItIsKnown() {
        source.knowsWindows = false;
        start(Duration.ofSeconds(1));
        ticker.advance(Duration.ofMillis(1_200));
        assertThat(listener.envelopes)
                .allSatisfy(
                        beat -> assertThat(((SnapshotEnvelope) beat).window()).isNull());

        source.knowsWindows = true;
        ticker.advance(BEAT);

        assertThat(lastWindow()).as("window since the start").isEqualTo(1_300);
        ticker.advance(Duration.ofMillis(700));
        assertThat(lastWindow()).as("next window ends on the boundary").isEqualTo(700);
    }

    private long lastWindow() {
        SnapshotEnvelope last = (SnapshotEnvelope) listener.envelopes.get(listener.envelopes.size() - 1);
        return last.window().endMillis() - last.window().startMillis();
    }

    @Test
    void seqBelowStoredSeq_isRaisedImmediately() {
        // the clock was set back before the agent was restarted
        long registered = ticker.millis() + 30_000;
        transport.publisher().publish(Snapshots.beat("a", registered));

        start(Duration.ofMinutes(1));

        assertThat(listener.envelopes).hasSize(2);
        assertThat(listener.envelopes.get(1).seq()).isEqualTo(registered + 1);
    }

    @Test
    void uidOfOtherWriter_isTakenOverAfterItLeaves() {
        SnapshotPublisher other = transport.publisher();
        other.publish(Snapshots.beatOf("other", "a", 1, 5_000));
        start(Duration.ofSeconds(2), Duration.ofSeconds(2));
        for (int i = 2; i < 6; i++) {
            ticker.advance(Duration.ofSeconds(2));
            other.publish(Snapshots.beatOf("other", "a", i, 5_000));
        }
        assertThat(beats()).as("beats of the other writer").hasSize(5);
        assertThat(uploadedWindows()).as("windows counted by the other writer").isZero();

        other.leave(new LeaveEnvelope("a", 6, "other"));
        ticker.advance(Duration.ofSeconds(1));

        assertThat(beats()).as("takeover within one second").hasSizeGreaterThan(5);
        ticker.advance(Duration.ofSeconds(6));
        assertThat(uploadedWindows()).isBetween(2L, 3L);
    }

    @Test
    void uidOfSilentWriter_isTakenOver_countsSinceStartAreUploaded() {
        transport.publisher().publish(Snapshots.beatOf("killed", "a", 1, 2_000));
        ticker.advance(Duration.ofMillis(100));

        start(Duration.ofSeconds(1), Duration.ofMillis(500));
        ticker.advance(Duration.ofMillis(3_500));
        assertThat(beats()).as("beats of the other writer").hasSize(1);
        ticker.advance(Duration.ofSeconds(60));

        assertThat(uploadedWindows())
                .as("windows since the start of this agent")
                .isBetween(60L, 64L);
    }

    @Test
    void windowUnknownToSource_isUploadedAtClose() {
        source.knowsWindows = false;
        start(Duration.ofMinutes(1));
        ticker.advance(Duration.ofMinutes(2));
        assertThat(uploadedWindows()).isZero();

        loop.close();

        assertThat(uploadedWindows()).isEqualTo(1);
    }

    @Test
    void goneNode_openWindowIsUploadedAtClose() {
        start(Duration.ofMinutes(1));
        source.uid = null;
        ticker.advance(BEAT);
        assertThat(leaves()).containsExactly("a");
        int before = listener.envelopes.size();

        loop.close();

        assertThat(uploadedWindows()).isEqualTo(1);
        assertThat(listener.envelopes).as("messages of a gone node").hasSize(before);
    }

    private long uploadedWindows() {
        return transport
                .history()
                .changedSince(HistoryMark.START, 1_000)
                .toCompletableFuture()
                .join()
                .windows()
                .stream()
                .mapToLong(ClusterWindow::nodeWindows)
                .sum();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.model.Field;
import io.tacho.model.LeaveEnvelope;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.model.WindowDetail;
import io.tacho.store.BeatResult;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.UploadResult;
import io.tacho.store.WindowUpload;
import io.tacho.testing.ManualTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SwarmTest {

    private final ManualTicker time = new ManualTicker();
    private final Recorder recorder = new Recorder();

    private Swarm swarm(int nodes, int churn) {
        return swarm(nodes, churn, Duration.ZERO);
    }

    private Swarm swarm(int nodes, int churn, Duration history) {
        Swarm swarm = new Swarm(
                SwarmSettings.of(nodes, Duration.ofSeconds(10), null, 1, churn, history),
                List.of(recorder),
                time,
                time);
        swarm.begin();
        return swarm;
    }

    @Test
    void tick_allNodesJoin_thenBeatsAreStaggered() {
        Swarm swarm = swarm(10, 0);
        swarm.tick();
        assertThat(recorder.beats).hasSize(10);
        assertThat(recorder.beats.get(0).snapshot().name()).isEqualTo("swarm-000001");
        assertThat(recorder.uids()).hasSize(10);

        for (int second = 1; second <= 10; second++) {
            time.advance(Duration.ofSeconds(1));
            swarm.tick();
            assertThat(recorder.beats).hasSize(10 + second);
        }
        assertThat(recorder.uids()).hasSize(10);
        assertThat(recorder.uids().values()).allMatch(seqs -> seqs.size() == 2 && seqs.get(0) < seqs.get(1));
    }

    @Test
    void tick_afterALongPause_sendsOneBeatPerNode() {
        Swarm swarm = swarm(10, 0);
        swarm.tick();
        time.advance(Duration.ofHours(1));
        swarm.tick();
        assertThat(recorder.beats).hasSize(20);
    }

    @Test
    void tick_withoutResponses_beatsAreSkippedAndCounted() {
        recorder.silent = true;
        Swarm swarm = swarm(BatchPublisher.ROOM + 100, 0);
        swarm.tick();
        assertThat(recorder.beats.size()).isEqualTo(BatchPublisher.ROOM);

        time.advance(Duration.ofSeconds(11));
        swarm.tick();
        time.advance(Duration.ofSeconds(1));
        swarm.tick();
        assertThat(recorder.beats.size()).isEqualTo(BatchPublisher.ROOM);
        assertThat(swarm.report().line()).contains(", 210 skipped, " + BatchPublisher.ROOM + " in flight,");

        recorder.completeAll();
        time.advance(Duration.ofSeconds(10));
        swarm.tick();
        assertThat(recorder.uids().size()).isEqualTo(BatchPublisher.ROOM + 100);
        assertThat(swarm.report().line()).contains(" 0 failed, ");
    }

    @Test
    void tick_churn_replacesNodes_everySecondWithALeaveMessage() {
        Swarm swarm = swarm(10, 2);
        swarm.tick();
        time.advance(Duration.ofSeconds(2));
        swarm.tick();
        assertThat(recorder.uids()).hasSize(14);
        assertThat(recorder.departures).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"2000, 1900, 2400", "16384, 15900, 17500", "32768, 24000, 32768"})
    void detail_hasTheRequestedSize_andIsEqualInAllBeatsOfAWindow(int size, int min, int max) {
        SimulatedNode node = new SimulatedNode(0, time.millis(), SimulatedDetail.ofSize(size));
        WindowDetail detail = node.nextBeat(time.millis(), 15_000).detail();

        assertThat(detail.size()).isBetween(min, max);
        assertThat(detail.timeApi().decode().count()).isPositive();
        assertThat(detail.users().decode().count().estimate()).isPositive();
        assertThat(node.nextBeat(time.millis(), 15_000).detail()).isSameAs(detail);
        assertThat(node.nextBeat(time.millis() + SimulatedNode.WINDOW_MILLIS, 15_000)
                        .detail())
                .isNotEqualTo(detail);
    }

    @Test
    void history_uploadsEveryCompleteWindowOnce() {
        Swarm swarm = swarm(10, 0, Duration.ofHours(1));
        swarm.tick();
        assertThat(recorder.uploads).as("a window from before they were there").isEmpty();

        for (int second = 0; second < 190; second++) {
            time.advance(Duration.ofSeconds(1));
            swarm.tick();
        }

        assertThat(recorder.uploads).hasSizeBetween(20, 30);
        assertThat(recorder.uploads.stream()
                        .map(batch -> batch.uid() + " " + batch.lastNumber())
                        .distinct())
                .hasSameSizeAs(recorder.uploads);
        assertThat(recorder.uploads)
                .allSatisfy(batch -> assertThat(batch.windows()
                                .get(0)
                                .window()
                                .detail()
                                .timeApi()
                                .decode()
                                .count())
                        .isEqualTo(batch.windows().get(0).window().sums().numApiRequests()));
    }

    @Test
    void history_disabled_uploadsNothing() {
        Swarm swarm = swarm(10, 0);
        swarm.tick();
        time.advance(Duration.ofMinutes(3));
        swarm.tick();

        assertThat(recorder.uploads).isEmpty();
    }

    @Test
    void close_everyNodeLeavesWithItsHighestSeq() {
        Swarm swarm = swarm(10, 0);
        swarm.tick();
        swarm.close();
        swarm.close();
        assertThat(recorder.departures)
                .hasSize(10)
                .allSatisfy(departure ->
                        assertThat(recorder.uids().get(departure.uid())).allMatch(seq -> seq < departure.seq()));
    }

    @Test
    void numbers_differBetweenNodes_andAreConstantDuringAWindow() {
        long now = time.millis();
        SimulatedNode one = new SimulatedNode(0, now, SimulatedDetail.NONE);
        SimulatedNode other = new SimulatedNode(1, now, SimulatedDetail.NONE);
        SnapshotEnvelope first = one.nextBeat(now, 15_000);
        SnapshotEnvelope second = one.nextBeat(now + 30_000, 15_000);
        assertThat(second.seq()).isGreaterThan(first.seq());
        assertThat(second.snapshot().number(Field.NUM_MSG_SENT))
                .isEqualTo(first.snapshot().number(Field.NUM_MSG_SENT));
        assertThat(second.snapshot().number(Field.NUM_CLIENTS))
                .isNotEqualTo(first.snapshot().number(Field.NUM_CLIENTS));
        assertThat(one.nextBeat(now + SimulatedNode.WINDOW_MILLIS, 15_000)
                        .snapshot()
                        .number(Field.NUM_MSG_SENT))
                .isNotEqualTo(first.snapshot().number(Field.NUM_MSG_SENT));
        assertThat(other.nextBeat(now, 15_000).snapshot().number(Field.NUM_MSG_SENT))
                .isNotEqualTo(first.snapshot().number(Field.NUM_MSG_SENT));
    }

    private static final class Recorder implements SnapshotPublisher {

        final List<SnapshotEnvelope> beats = new ArrayList<>();
        final List<LeaveEnvelope> departures = new ArrayList<>();
        final List<WindowUpload> uploads = new ArrayList<>();
        private final List<CompletableFuture<?>> pending = new ArrayList<>();
        boolean silent;

        @Override
        public CompletionStage<BeatResult> publish(SnapshotEnvelope envelope) {
            beats.add(envelope);
            return reply();
        }

        @Override
        public CompletionStage<Void> leave(LeaveEnvelope envelope) {
            departures.add(envelope);
            return reply();
        }

        private <T> CompletionStage<T> reply() {
            CompletableFuture<T> reply = new CompletableFuture<>();
            if (silent) {
                pending.add(reply);
            } else {
                reply.complete(null);
            }
            return reply;
        }

        void completeAll() {
            silent = false;
            pending.forEach(reply -> reply.complete(null));
        }

        Map<String, List<Long>> uids() {
            Map<String, List<Long>> uids = new HashMap<>();
            beats.forEach(beat ->
                    uids.computeIfAbsent(beat.uid(), uid -> new ArrayList<>()).add(beat.seq()));
            return uids;
        }

        @Override
        public CompletionStage<UploadResult> upload(WindowUpload batch) {
            uploads.add(batch);
            return CompletableFuture.completedFuture(UploadResult.of(batch.lastNumber()));
        }

        @Override
        public void close() {}
    }
}

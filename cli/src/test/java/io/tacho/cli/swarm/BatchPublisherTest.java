// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.model.LeaveEnvelope;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.BeatResult;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.UploadResult;
import io.tacho.store.WindowUpload;
import io.tacho.testing.CapturedLog;
import io.tacho.testing.ManualTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("captures a log")
class BatchPublisherTest {

    private static final long MINUTE = 60_000;

    /** Retains its messages until the test completes them. */
    private static final class Pending implements SnapshotPublisher {

        final List<CompletableFuture<BeatResult>> beats = new ArrayList<>();
        final List<CompletableFuture<UploadResult>> uploads = new ArrayList<>();
        final List<CompletableFuture<Void>> departures = new ArrayList<>();

        private static <T> CompletableFuture<T> added(List<CompletableFuture<T>> all) {
            all.add(new CompletableFuture<>());
            return all.get(all.size() - 1);
        }

        @Override
        public CompletionStage<BeatResult> publish(SnapshotEnvelope envelope) {
            return added(beats);
        }

        @Override
        public CompletionStage<Void> leave(LeaveEnvelope envelope) {
            return added(departures);
        }

        @Override
        public CompletionStage<UploadResult> upload(WindowUpload batch) {
            return added(uploads);
        }

        @Override
        public void close() {}
    }

    private final ManualTicker time = new ManualTicker();
    private final Pending first = new Pending();
    private final Pending second = new Pending();

    private BatchPublisher publisher(Duration history) {
        return new BatchPublisher(List.of(first, second), history, time);
    }

    private static SimulatedNode node(int place) {
        return new SimulatedNode(place, 10 * MINUTE, SimulatedDetail.NONE);
    }

    private static void beat(BatchPublisher publisher, int place, SimulatedNode node, long minute) {
        publisher.beat(place, node, minute * MINUTE, 15_000);
    }

    @Test
    void nodes_areDistributedRoundRobin() {
        BatchPublisher publisher = publisher(Duration.ZERO);
        for (int place = 0; place < 5; place++) {
            beat(publisher, place, node(place), 11);
        }

        assertThat(first.beats).hasSize(3);
        assertThat(second.beats).hasSize(2);
        assertThat(publisher.inFlight()).isEqualTo(5);
    }

    @Test
    void beat_previousInFlight_isSkipped() {
        BatchPublisher publisher = publisher(Duration.ZERO);
        SimulatedNode node = node(0);
        beat(publisher, 0, node, 11);
        beat(publisher, 0, node, 12);
        assertThat(publisher.skipped.sum()).isEqualTo(1);

        first.beats.get(0).complete(null);
        beat(publisher, 0, node, 13);

        assertThat(first.beats).hasSize(2);
        assertThat(publisher.skipped.sum()).isEqualTo(1);
        assertThat(publisher.failed.sum()).isZero();
    }

    @Test
    void beat_tooManyInFlight_isSkippedUntilResponsesArrive() throws InterruptedException {
        BatchPublisher publisher = publisher(Duration.ZERO);
        for (int place = 0; place <= BatchPublisher.ROOM; place++) {
            beat(publisher, place, node(place), 11);
        }

        assertThat(publisher.hasRoom()).isFalse();
        assertThat(publisher.skipped.sum()).isEqualTo(1);
        assertThat(publisher.leave(0, node(0), 0)).isFalse();
        assertThat(publisher.awaitResponses(0)).isFalse();

        first.beats.forEach(response -> response.completeExceptionally(new IllegalStateException("down")));
        second.beats.forEach(response -> response.complete(null));

        assertThat(publisher.failed.sum()).isEqualTo(BatchPublisher.ROOM / 2);
        assertThat(publisher.inFlight()).isZero();
        assertThat(publisher.awaitResponses(0)).isTrue();
        assertThat(publisher.inFlight()).as("no beat is in flight").isZero();
    }

    @Test
    void upload_lostResponse_isRetriedWithTheNextBeat() {
        BatchPublisher publisher = publisher(Duration.ofDays(1));
        SimulatedNode node = node(0);
        beat(publisher, 0, node, 11);
        assertThat(first.uploads).hasSize(1);
        first.uploads.get(0).completeExceptionally(new IllegalStateException("down"));
        first.beats.get(0).complete(null);
        assertThat(publisher.uploaded.sum()).isZero();
        assertThat(publisher.failed.sum()).isEqualTo(1);

        beat(publisher, 0, node, 11);
        assertThat(first.uploads).hasSize(2);
        first.uploads.get(1).complete(UploadResult.of(11 * MINUTE));
        first.beats.get(1).complete(null);
        beat(publisher, 0, node, 11);

        assertThat(publisher.uploaded.sum()).isEqualTo(1);
        assertThat(first.uploads).as("acknowledged").hasSize(2);
        assertThat(publisher.inFlight()).as("the beat only").isEqualTo(1);
    }

    @Test
    void report_coversTheTimeSinceThePreviousReport() {
        BatchPublisher publisher = publisher(Duration.ZERO);
        SwarmReport report = new SwarmReport(4, publisher, time);
        List<SimulatedNode> nodes = List.of(node(0), node(1), node(2), node(3));
        nodes.forEach(node -> beat(publisher, nodes.indexOf(node), node, 11));
        time.advance(Duration.ofMillis(2_000));
        first.beats.forEach(response -> response.complete(null));
        second.beats.get(0).completeExceptionally(new IllegalStateException("down"));

        assertThat(report.line()).startsWith("4 nodes: 1 beats/s, 1 failed, 0 skipped, 1 in flight, round trip p50 ");
        beat(publisher, 3, nodes.get(3), 12);
        time.advance(Duration.ofSeconds(1));
        assertThat(report.line())
                .isEqualTo("4 nodes: 0 beats/s, 0 failed, 1 skipped, 1 in flight, round trip p50 0.0 ms, p99 0.0 ms");
    }

    @Test
    void report_redisTooSlow_warnsOnce() {
        BatchPublisher publisher = publisher(Duration.ZERO);
        SwarmReport report = new SwarmReport(1, publisher, time);
        SimulatedNode node = node(0);
        try (CapturedLog log = CapturedLog.of(SwarmReport.class)) {
            beat(publisher, 0, node, 11);
            report.write();
            assertThat(log.warnings()).isEmpty();

            beat(publisher, 0, node, 12);
            report.write();
            beat(publisher, 0, node, 13);
            report.write();
            assertThat(log.warnings()).containsExactly("Redis does not follow: beats fail or are left out");

            first.beats.get(0).complete(null);
            report.write();
            report.write();
            assertThat(log.lines())
                    .filteredOn(line -> line.equals("INFO Redis follows again"))
                    .hasSize(1);
        }
    }
}

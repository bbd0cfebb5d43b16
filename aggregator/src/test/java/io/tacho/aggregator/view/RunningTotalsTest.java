// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import static io.tacho.testing.Snapshots.TTL_MILLIS;
import static io.tacho.testing.Snapshots.leave;
import static io.tacho.testing.Snapshots.snapshot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacho.codec.SnapshotCodec;
import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeStatus;
import io.tacho.model.NodeTotals;
import io.tacho.model.Quality;
import io.tacho.model.QualityFlags;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.model.TotalField;
import io.tacho.store.StoredSnapshot;
import io.tacho.testing.ManualScheduler;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RunningTotalsTest {

    private final ManualScheduler ticker = new ManualScheduler();
    private final ClusterView view = new ClusterView(new SnapshotCodec(), ticker, 100);
    private final RunningTotals running = view.metrics().running();
    private long seq = 1;

    private void beat(String uid, @Nullable Long sent) {
        beat(uid, sent, 4);
    }

    private void beat(String uid, @Nullable Long sent, long clients) {
        view.onLoaded(stored(uid, ++seq, sent, clients));
    }

    private static StoredSnapshot stored(String uid, long seq, @Nullable Long sent, long clients) {
        return stored(uid, seq, sent, clients, QualityFlags.NONE);
    }

    private static StoredSnapshot stored(
            String uid, long seq, @Nullable Long sent, long clients, QualityFlags quality) {
        NodeSnapshot.Builder node = NodeSnapshot.builder(uid, uid);
        Field.NUMBERS.forEach(field -> node.set(field, snapshot(uid, uid).number(field)));
        return new StoredSnapshot(
                SnapshotEnvelope.builder(node.set(Field.NUM_CLIENTS, clients).build())
                        .seq(seq)
                        .ttlMillis(TTL_MILLIS)
                        .metricsIntervalSeconds(60)
                        .status(new NodeStatus(null, 0, false, null, Map.of(), quality))
                        .totals(
                                sent == null
                                        ? null
                                        : NodeTotals.of(field -> field == TotalField.NUM_MSG_SENT ? sent : 0))
                        .build(),
                TTL_MILLIS);
    }

    private long sent() {
        return running.counter(TotalField.NUM_MSG_SENT);
    }

    @Test
    void counter_fieldBecomesAvailable_startsAtZero() {
        QualityFlags absent = QualityFlags.of(Map.of(Field.NUM_MSG_SENT, Quality.UNAVAILABLE));
        view.onLoaded(stored("u1", ++seq, 0L, 4, absent));
        beat("u1", 5_000_000L);
        assertThat(sent()).isZero();

        beat("u1", 5_000_003L);
        assertThat(sent()).isEqualTo(3);
    }

    @Test
    void counter_countsTheIncreaseSinceTheFirstBeat() {
        beat("u1", 1_000L);
        assertThat(sent()).isZero();

        beat("u1", 1_007L);
        beat("u2", 50L);
        beat("u2", 60L);

        assertThat(sent()).isEqualTo(17);
        assertThat(running.counter(TotalField.NUM_MSG_PUBLISHED)).isZero();
    }

    @Test
    void counter_everyField_isCounted() {
        SnapshotEnvelope.Builder beat = SnapshotEnvelope.builder(snapshot("u1", "u1"))
                .ttlMillis(TTL_MILLIS)
                .metricsIntervalSeconds(60);
        view.onLoaded(new StoredSnapshot(beat.seq(1).totals(NodeTotals.ZERO).build(), TTL_MILLIS));
        view.onBeat(
                beat.seq(2).totals(NodeTotals.of(field -> field.ordinal() + 1)).build());

        assertThat(TotalField.ALL)
                .allSatisfy(field -> assertThat(running.counter(field)).isEqualTo(field.ordinal() + 1));
    }

    /** Prometheus takes a smaller counter as reset, and rejects a negative one. */
    @Test
    void counter_beyondALong_startsAgain() {
        for (String uid : List.of("u1", "u2")) {
            SnapshotEnvelope.Builder beat = SnapshotEnvelope.builder(snapshot(uid, uid))
                    .ttlMillis(TTL_MILLIS)
                    .metricsIntervalSeconds(60);
            view.onLoaded(new StoredSnapshot(beat.seq(1).totals(NodeTotals.ZERO).build(), TTL_MILLIS));
            view.onBeat(beat.seq(2)
                    .totals(NodeTotals.of(field -> field == TotalField.TIME_CLIENT_SUM ? Long.MAX_VALUE - 1 : 0))
                    .build());
        }

        assertThat(running.counter(TotalField.TIME_CLIENT_SUM)).isEqualTo(Long.MAX_VALUE - 1);
    }

    @Test
    void counter_nodeLeaves_isUnchanged() {
        beat("u1", 10L);
        beat("u1", 30L);
        view.onLeave(leave("u1", ++seq));

        assertThat(sent()).isEqualTo(20);
    }

    @Test
    void counter_nodeReturns_isNotCountedTwice() {
        beat("u1", 10L);
        beat("u1", 30L);
        ticker.advance(Duration.ofMinutes(1));
        view.suspects().forEach(view::evict);
        beat("u1", 40L);

        assertThat(sent()).isEqualTo(20);
    }

    @Test
    void counter_nodeResets_countsFromZero() {
        beat("u1", 10L);
        beat("u1", 30L);
        beat("u1", 5L);

        assertThat(sent()).isEqualTo(25);
    }

    @Test
    void counter_storeEntryOverridesALaterMessage_isNotAReset() {
        beat("u1", 10L);
        beat("u1", 30L);
        KnownNode suspect = view.find("u1").orElseThrow();
        view.confirm(suspect, stored("u1", seq - 1, 20L, 4));

        assertThat(sent()).isEqualTo(20);
    }

    @Test
    void counter_nodeWithoutTotals_isIgnored() {
        beat("u1", null);
        beat("u1", 30L);
        beat("u1", null);

        assertThat(sent()).isZero();
    }

    @Test
    void counter_outdatedBeat_isIgnored() {
        beat("u1", 10L);
        beat("u1", 30L);
        seq -= 2;
        beat("u1", 100L);

        assertThat(sent()).isEqualTo(20);
    }

    @Test
    void peak_isTheLargestSimultaneousSum() {
        beat("u1", null, 100);
        beat("u2", null, 50);
        beat("u1", null, 10);
        beat("u2", null, 90);

        assertThat(running.peak(Field.NUM_CLIENTS)).isEqualTo(150);
    }

    @Test
    void peak_lastsOneToTwoMinutes() {
        beat("u1", null, 100);
        ticker.advance(Duration.ofSeconds(50));
        beat("u1", null, 10);
        ticker.advance(Duration.ofSeconds(60));
        assertThat(running.peak(Field.NUM_CLIENTS)).isEqualTo(100);

        ticker.advance(Duration.ofSeconds(60));
        assertThat(running.peak(Field.NUM_CLIENTS)).isEqualTo(10);
    }

    @Test
    void peak_noBeatsForALongTime_isTheCurrentSum() {
        beat("u1", null, 100);
        beat("u1", null, 10);
        ticker.advance(Duration.ofMinutes(5));

        assertThat(running.peak(Field.NUM_CLIENTS)).isEqualTo(10);
    }

    @Test
    void peak_departedNode_isExcludedFromLaterPeaks() {
        beat("u1", null, 100);
        view.onLeave(leave("u1", ++seq));
        ticker.advance(Duration.ofMinutes(3));
        beat("u2", null, 7);

        assertThat(running.peak(Field.NUM_CLIENTS)).isEqualTo(7);
    }

    @Test
    void peak_fieldWithoutPeaks_isRejected() {
        assertThatThrownBy(() -> running.peak(Field.NUM_CHANNELS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("num_channels: no peak (expected: one of ");
    }
}

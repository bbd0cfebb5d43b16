// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.agent.record.IntervalRecorder;
import io.tacho.agent.record.RecordedInterval;
import io.tacho.agent.source.NodeState;
import io.tacho.model.Extras;
import io.tacho.model.MetricsWindow;
import io.tacho.model.QualityFlags;
import io.tacho.model.WindowDetail;
import io.tacho.sketch.Encoded;
import io.tacho.sketch.HyperLogLog;
import io.tacho.testing.Snapshots;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SeenIdsTest {

    private final SeenIds seen = new SeenIds();
    private final IntervalRecorder recorder = new IntervalRecorder();

    private static Encoded<HyperLogLog> ids(String... ids) {
        return HyperLogLog.of(List.of(ids)).encoded();
    }

    private void add(@Nullable Encoded<HyperLogLog> users) {
        seen.add(new NodeState(
                Snapshots.snapshot("u", "n"),
                RecordedInterval.EMPTY,
                null,
                Map.of(),
                QualityFlags.NONE,
                null,
                users,
                ids("news"),
                Extras.NONE));
    }

    private @Nullable Encoded<HyperLogLog> endWindow() {
        return seen.endWindow(recorder, WindowDetail.NONE).users();
    }

    @Test
    void endWindow_otherDetailIsUnchanged() {
        WindowDetail last = new WindowDetail(Snapshots.histogram("api"), null, ids("x"), null);
        add(ids("a"));

        assertThat(seen.endWindow(recorder, last))
                .isEqualTo(new WindowDetail(Snapshots.histogram("api"), null, ids("a"), ids("news")));
    }

    @Test
    void endWindow_withoutSketches_returnsNull() {
        seen.add(null);
        add(null);

        assertThat(endWindow()).isNull();
    }

    @Test
    void endWindow_hasIdsOfAllBeats() {
        add(ids("a", "b"));
        add(ids("b"));
        add(null);
        add(ids("b"));
        add(ids("c"));

        assertThat(endWindow()).isEqualTo(ids("a", "b", "c"));
    }

    @Test
    void endWindow_nextWindowStartsWithCurrentIds() {
        add(ids("a"));
        add(ids("a", "b"));
        add(ids("b"));
        endWindow();

        assertThat(endWindow()).as("without a beat in between").isEqualTo(ids("b"));
        add(ids("c"));
        assertThat(endWindow()).isEqualTo(ids("b", "c"));
        assertThat(endWindow()).isEqualTo(ids("c"));
    }

    @Test
    void endWindow_unchangedIds_returnsSameObject() {
        Encoded<HyperLogLog> same = ids("a");
        add(same);
        add(ids("a"));

        assertThat(endWindow()).isSameAs(same);
    }

    @Test
    void beat_hasSketchesOfFirstBeatOfWindow() {
        MetricsWindow window = new MetricsWindow(0, 60_000);
        MetricsWindow next = new MetricsWindow(60_000, 120_000);
        WindowDetail first = new WindowDetail(Snapshots.histogram("api"), null, ids("a"), null);
        WindowDetail second = new WindowDetail(Snapshots.histogram("api"), null, ids("b"), ids("news"));

        assertThat(seen.beat(first, window)).isEqualTo(first);
        assertThat(seen.beat(second, window))
                .as("channels sketch that was not ready at the first beat")
                .isEqualTo(new WindowDetail(Snapshots.histogram("api"), null, ids("a"), ids("news")));
        assertThat(seen.beat(second, next)).isEqualTo(second);
    }

    @Test
    void beat_beforeFirstWindow_hasCurrentSketches() {
        WindowDetail first = new WindowDetail(null, null, ids("a"), null);
        WindowDetail second = new WindowDetail(null, null, ids("b"), null);

        assertThat(seen.beat(first, null)).isEqualTo(first);
        assertThat(seen.beat(second, null)).isEqualTo(second);
    }

    @Test
    void endWindow_idsConnectedBetweenBeats_areIncluded() {
        add(ids("a"));
        recorder.userConnected("b");
        recorder.userDisconnected("b");

        assertThat(endWindow()).isEqualTo(ids("a", "b"));
        assertThat(endWindow()).isEqualTo(ids("a"));
    }

    @Test
    void endWindow_nodeWithoutSketches_recorderIdsAreIgnored() {
        recorder.userConnected("b");

        assertThat(endWindow()).isNull();
        add(ids("b", "c"));
        assertThat(endWindow()).isEqualTo(ids("b", "c"));
    }

    @Test
    void clear_removesIdsOfFormerNode() {
        add(ids("a"));
        add(ids("b"));

        seen.clear();

        assertThat(endWindow()).isNull();
    }

    @Test
    void add_invalidSketch_isLeftOut() {
        add(ids("a"));
        add(Encoded.hyperLogLog(new byte[3]));
        add(ids("b"));

        assertThat(endWindow()).isEqualTo(ids("a", "b"));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.view.detail.DetailStatus;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.Extra;
import io.tacho.model.Extras;
import io.tacho.model.WindowDetail;
import io.tacho.sketch.Encoded;
import io.tacho.store.Partitions;
import io.tacho.store.StoredSnapshot;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The memory of extra values that are numbers. */
class ExtrasBudgetTest extends DetailBudgetTestBase {

    private void joinWithNumbers(String uid, int count) {
        WindowDetail detail = new WindowDetail(null, null, null, null, numbers(count));
        view.onLoaded(new StoredSnapshot(beat(uid, 1, detail), 15_000));
    }

    private Extras extrasOf(String uid) {
        return view.find(uid).orElseThrow().detail().extras();
    }

    @Test
    void dropped_numericExtras_areRetained() {
        Extra number = Extra.gauge(7);
        Extra times = new Extra(Extra.TIMER, Extra.HISTOGRAM, 0, null, Encoded.histogram(new byte[4 * PART]));
        WindowDetail detail = new WindowDetail(null, null, null, null, new Extras(Map.of("a", number, "b", times)));
        ClusterView small = new ClusterView(new SnapshotCodec(), ticker, 10, Partitions.ONE, PART);

        small.onLoaded(new StoredSnapshot(beat("a", 1, detail), 15_000));

        assertThat(small.find("a").orElseThrow().detail().extras()).isEqualTo(new Extras(Map.of("a", number)));
        assertThat(small.detailStatus()).returns(1, DetailStatus::droppedNodes).returns(1L, DetailStatus::drops);
        assertThat(small.detailStatus().bytes()).isPositive();
    }

    @Test
    void numericExtras_useTheBudget_histogramsAreDroppedFirst() {
        join("a");
        join("b");
        join("c");

        joinWithNumbers("d", 20);

        assertThat(nodesWithDetail()).containsExactly("b", "c");
        assertThat(extrasOf("d")).isEqualTo(numbers(20));
        assertThat(view.detailStatus().droppedNodes()).isEqualTo(1);
    }

    @Test
    void numericExtrasOnly_beyondTheBudget_oldestBeatIsDropped_andCounted() {
        joinWithNumbers("a", 30);
        joinWithNumbers("b", 30);
        view.onBeat(beat("a", 1, new WindowDetail(null, null, null, null, numbers(30))));

        joinWithNumbers("c", 30);

        assertThat(extrasOf("a")).isEqualTo(numbers(30));
        assertThat(extrasOf("b")).isEqualTo(Extras.NONE);
        assertThat(extrasOf("c")).isEqualTo(numbers(30));
        assertThat(view.detailStatus()).returns(1, DetailStatus::droppedNodes).returns(1L, DetailStatus::drops);
    }

    /** The estimate is at least the size of the objects in a heap with compressed pointers. */
    @Test
    void numericExtras_ofManyNodes_takeAtMostTheBudget() {
        long budget = 1_000_000;
        ClusterView many = new ClusterView(new SnapshotCodec(), ticker, 10_000, Partitions.ONE, budget);
        for (int i = 0; i < 2_000; i++) {
            WindowDetail detail = new WindowDetail(null, null, null, null, numbers(Extras.MAX_EXTRAS));
            many.onLoaded(new StoredSnapshot(beat("n" + i, 1, detail), 15_000));
        }

        long retained = many.nodeList().nodes().stream()
                .mapToLong(node -> node.detail().extras().byName().size())
                .sum();
        assertThat(many.size()).isEqualTo(2_000);
        assertThat(retained * 100).as("100 bytes each").isBetween(budget / 2, budget);
        assertThat(many.detailStatus().droppedNodes()).isGreaterThan(1_500);
    }
}

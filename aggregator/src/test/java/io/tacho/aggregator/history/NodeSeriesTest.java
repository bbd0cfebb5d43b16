// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.model.Field;
import io.tacho.model.MetricsWindow;
import io.tacho.testing.ManualTicker;
import io.tacho.testing.Snapshots;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeSeriesTest {

    private final ManualTicker ticker = new ManualTicker();
    private final NodeSeries series = new NodeSeries(ticker);
    private final Map<Long, RecentWindow> windows = new HashMap<>();

    private boolean add(String uid, long number) {
        return series.add(uid, windows.computeIfAbsent(number, NodeSeriesTest::window));
    }

    private static RecentWindow window(long number) {
        return new RecentWindow(
                new MetricsWindow(60_000 * number, 60_000 * (number + 1)),
                Snapshots.snapshot("uid", "name").toBuilder()
                        .set(Field.NUM_GOROUTINE, number)
                        .build());
    }

    @Test
    void windows_areInOrder_withoutDuplicates() {
        assertThat(add("a", 1)).isTrue();
        assertThat(add("a", 1)).isFalse();
        assertThat(add("a", 3)).isTrue();
        assertThat(add("a", 2)).isFalse();

        assertThat(series.windowsOf("a"))
                .extracting(window -> window.window().startMillis())
                .containsExactly(60_000L, 180_000L);
        assertThat(series.windowsOf("b")).isEmpty();
    }

    @Test
    void windowsPerNode_areBounded() {
        for (int i = 1; i <= 3 * NodeSeries.PER_NODE; i++) {
            add("a", i);
        }

        assertThat(series.windowsOf("a")).hasSize(NodeSeries.PER_NODE);
        assertThat(series.windowsOf("a").get(0).number(RecentWindow.FIELDS.indexOf(Field.NUM_GOROUTINE)))
                .isEqualTo(2 * NodeSeries.PER_NODE + 1);
    }

    @Test
    void tenThousandNodes_totalIsBounded_andEachHasItsShare() {
        int nodes = 10_000;
        int largest = 0;
        for (int window = 1; window <= 60; window++) {
            for (int node = 0; node < nodes; node++) {
                add("node-" + node, window);
                largest = Math.max(largest, series.windowCount());
            }
        }
        assertThat(largest).isLessThanOrEqualTo(NodeSeries.TOTAL);

        for (int node = 0; node < nodes; node++) {
            assertThat(series.windowsOf("node-" + node).size()).isBetween(15, NodeSeries.TOTAL / nodes);
            assertThat(series.windowsOf("node-" + node))
                    .last()
                    .satisfies(last -> assertThat(last.window().startMillis()).isEqualTo(60 * 60_000L));
        }
    }

    @Test
    void nodesAddedToAFullSeries_takeSpaceFromNodesWithMostWindows() {
        for (int window = 1; window <= NodeSeries.PER_NODE; window++) {
            for (int node = 0; node < 1_500; node++) {
                add("early-" + node, window);
            }
        }
        int largest = 0;
        for (int node = 0; node < 30_000; node++) {
            add("late-" + node, 1);
            largest = Math.max(largest, series.windowCount());
        }
        assertThat(largest).isLessThanOrEqualTo(NodeSeries.TOTAL);

        assertThat(series.windowsOf("early-0")).isNotEmpty();
        assertThat(series.windowsOf("late-29999")).hasSize(1);
    }

    @Test
    void moreNodesThanWindows_mostRecentAreRetained() {
        for (int node = 0; node <= NodeSeries.TOTAL; node++) {
            ticker.advance(Duration.ofNanos(1));
            add("node-" + node, 1);
        }

        assertThat(series.windowCount()).isLessThanOrEqualTo(NodeSeries.TOTAL);
        assertThat(series.windowsOf("node-0")).isEmpty();
        assertThat(series.windowsOf("node-" + NodeSeries.TOTAL)).hasSize(1);
    }

    @Test
    void silentNode_isRetainedForADay_ifThereIsRoom() {
        add("a", 1);
        ticker.advance(Duration.ofHours(23));
        add("b", 1);
        series.removeSilentNodes();
        assertThat(series.windowsOf("a")).hasSize(1);

        ticker.advance(Duration.ofHours(2));
        series.removeSilentNodes();

        assertThat(series.windowsOf("a")).isEmpty();
        assertThat(series.windowsOf("b")).hasSize(1);
    }

    @Test
    void silentNode_isRemovedSooner_ifThereIsNoRoomForAllWindows() {
        NodeSeries series = new NodeSeries(ticker, 2 * NodeSeries.PER_NODE - 1);
        series.add("a", window(1));
        ticker.advance(Duration.ofMinutes(14));
        series.add("b", window(1));
        series.removeSilentNodes();
        assertThat(series.windowsOf("a")).hasSize(1);

        ticker.advance(Duration.ofMinutes(2));
        series.removeSilentNodes();

        assertThat(series.windowsOf("a")).isEmpty();
        assertThat(series.windowsOf("b")).hasSize(1);
        assertThat(series.windowCount()).isEqualTo(1);
    }
}

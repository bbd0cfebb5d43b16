// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.model.ClusterWindow;
import io.tacho.model.ClusterWindow.Spread;
import io.tacho.model.Field;
import io.tacho.model.NodeTotals;
import io.tacho.model.WindowGauges;
import io.tacho.model.WindowSlot;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class StepImbalanceTest {

    /** A window of nodes with these numbers of clients. */
    private static ClusterWindow window(int interval, int number, long... clients) {
        long squares = LongStream.of(clients).map(count -> count * count).sum();
        return ClusterWindow.builder(new WindowSlot(interval, 1_000L * interval * number))
                .nodeWindows(clients.length)
                .gauges(WindowGauges.of(gauge ->
                        gauge == Field.NUM_CLIENTS ? LongStream.of(clients).sum() : 0))
                .spreads(Map.of(
                        Field.NUM_CLIENTS,
                        new Spread(LongStream.of(clients).max().orElse(0), squares)))
                .build();
    }

    private static HistoryStep step(ClusterWindow... windows) {
        return StepMerger.merge(List.of(windows));
    }

    @Test
    void nodes_areComparedWithTheirMean() {
        // mean 200, standard deviation 100
        HistoryStep step = step(window(60, 1, 100, 300));

        assertThat(step.get(HistoryField.NUM_CLIENTS_MAX_OVER_MEAN)).isEqualTo(150);
        assertThat(step.get(HistoryField.NUM_CLIENTS_VARIATION)).isEqualTo(50);
    }

    @Test
    void equalNodes_haveNoVariation() {
        HistoryStep step = step(window(60, 1, 7, 7, 7));

        assertThat(step.get(HistoryField.NUM_CLIENTS_MAX_OVER_MEAN)).isEqualTo(100);
        assertThat(step.get(HistoryField.NUM_CLIENTS_VARIATION)).isZero();
    }

    @Test
    void windowsOfAStep_areAveraged() {
        HistoryStep step = step(window(60, 1, 100, 300), window(60, 2, 200, 200));

        assertThat(step.get(HistoryField.NUM_CLIENTS_MAX_OVER_MEAN)).isEqualTo(125);
        assertThat(step.get(HistoryField.NUM_CLIENTS_VARIATION)).isEqualTo(25);
    }

    @Test
    void severalIntervals_mostCommonIsUsed() {
        HistoryStep step = step(window(10, 1, 1, 1_000), window(60, 1, 7, 7, 7));

        assertThat(step.get(HistoryField.NUM_CLIENTS_MAX_OVER_MEAN)).isEqualTo(100);
    }

    @Test
    void singleNodeOrNoClientsOrEarlierAgents_haveNoImbalance() {
        ClusterWindow earlier =
                window(60, 1, 100, 300).toBuilder().spreads(Map.of()).build();
        for (ClusterWindow window : List.of(window(60, 1, 100), window(60, 1, 0, 0), earlier)) {
            assertThat(step(window).get(HistoryField.NUM_CLIENTS_MAX_OVER_MEAN)).isNull();
            assertThat(step(window).get(HistoryField.NUM_CLIENTS_VARIATION)).isNull();
        }
    }

    @Test
    void bytes_areScaled() {
        long mebibyte = 1 << 20;
        ClusterWindow window = ClusterWindow.builder(new WindowSlot(60, 0))
                .nodeWindows(2)
                .sums(NodeTotals.of(total -> 4 * mebibyte))
                .spreads(Map.of(Field.BYTES_CLIENT_OUT, new Spread(3 * mebibyte, 1024 * 1024 + 3072 * 3072)))
                .build();

        HistoryStep step = step(window);

        assertThat(step.get(HistoryField.BYTES_CLIENT_OUT_MAX_OVER_MEAN)).isEqualTo(150);
        assertThat(step.get(HistoryField.BYTES_CLIENT_OUT_VARIATION)).isEqualTo(50);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.model.ClusterWindow;
import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.WindowDetail;
import io.tacho.model.WindowGauges;
import io.tacho.model.WindowSlot;
import io.tacho.sketch.Encoded;
import io.tacho.sketch.HyperLogLog;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DistinctBoundsTest {

    private static Encoded<HyperLogLog> users(int from, int to) {
        return HyperLogLog.of(
                        IntStream.range(from, to).mapToObj(id -> "id-" + id).toList())
                .encoded();
    }

    /** A window of nodes, of which some are in the union. */
    private static ClusterWindow window(long nodes, long inUnion, long most, long sum, Encoded<HyperLogLog> union) {
        return ClusterWindow.builder(new WindowSlot(60, 60_000))
                .nodeWindows(nodes)
                .gauges(WindowGauges.of(gauge -> gauge == Field.NUM_UNIQUE_CLIENTS ? sum : 0))
                .largestNode(most, 0)
                .detail(new WindowDetail(null, null, union, null))
                .unionNodes(inUnion, 0)
                .build();
    }

    private static HistoryStep step(ClusterWindow... windows) {
        HistoryStep step = new HistoryStep();
        DistinctBounds.users(List.of(windows))
                .write(
                        step,
                        HistoryField.NUM_UNIQUE_CLIENTS_LOWER,
                        HistoryField.NUM_UNIQUE_CLIENTS,
                        HistoryField.NUM_UNIQUE_CLIENTS_UPPER);
        return step;
    }

    private static void assertBounds(HistoryStep step, long lower, Long estimate, long upper) {
        assertThat(step.get(HistoryField.NUM_UNIQUE_CLIENTS_LOWER)).isEqualTo(lower);
        assertThat(step.get(HistoryField.NUM_UNIQUE_CLIENTS)).isEqualTo(estimate);
        assertThat(step.get(HistoryField.NUM_UNIQUE_CLIENTS_UPPER)).isEqualTo(upper);
    }

    @Test
    void noWindows_countIsZero() {
        assertBounds(step(), 0, 0L, 0);
    }

    @Test
    void withoutASketch_boundsAreTheLargestNodeAndTheSum() {
        assertBounds(step(window(3, 0, 40, 100, null)), 40, null, 100);
    }

    @Test
    void severalWindowsWithoutASketch_addUp() {
        assertBounds(step(window(3, 0, 40, 100, null), window(3, 0, 70, 90, null)), 70, null, 190);
    }

    @Test
    void singleNode_isExact() {
        assertBounds(step(window(1, 0, 40, 40, null)), 40, 40L, 40);
    }

    @Test
    void unionOfAllNodes_hasAnEstimate() {
        HistoryStep step = step(window(2, 2, 100, 200, users(0, 150)));

        assertThat(step.get(HistoryField.NUM_UNIQUE_CLIENTS)).isBetween(145L, 155L);
        assertThat(step.get(HistoryField.NUM_UNIQUE_CLIENTS_LOWER)).isLessThanOrEqualTo(150);
        assertThat(step.get(HistoryField.NUM_UNIQUE_CLIENTS_UPPER)).isGreaterThanOrEqualTo(150);
    }

    @Test
    void sameUsersInEachWindow_countOnce() {
        ClusterWindow window = window(2, 2, 100, 200, users(0, 100));

        assertThat(step(window, window, window)).usingRecursiveComparison().isEqualTo(step(window));
    }

    @Test
    void unionOfSomeNodes_hasBoundsOnly() {
        HistoryStep step = step(window(3, 2, 80, 200, users(0, 150)));

        assertThat(step.get(HistoryField.NUM_UNIQUE_CLIENTS)).isNull();
        assertThat(step.get(HistoryField.NUM_UNIQUE_CLIENTS_LOWER)).isBetween(140L, 150L);
        assertThat(step.get(HistoryField.NUM_UNIQUE_CLIENTS_UPPER)).isEqualTo(200);
    }

    @Test
    void unreadableSketch_isAsIfMissing() {
        Encoded<HyperLogLog> broken = Encoded.hyperLogLog("broken".getBytes(StandardCharsets.UTF_8));

        assertBounds(step(window(3, 3, 40, 100, broken)), 40, null, 100);
    }

    @Test
    void largestSums_stayWithinTheBounds() {
        long max = NodeSnapshot.MAX_VALUE;

        assertBounds(step(window(2, 0, max, max, null), window(2, 0, 1, max, null)), max, max, max);
    }

    /** With random users, and windows without a union, the true count is always within the bounds. */
    @Test
    void trueCount_isWithinTheBounds() {
        Random random = new Random(13);
        for (int round = 0; round < 100; round++) {
            Set<Integer> all = new HashSet<>();
            ClusterWindow[] windows = new ClusterWindow[1 + random.nextInt(4)];
            for (int i = 0; i < windows.length; i++) {
                int from = random.nextInt(200);
                int overlap = random.nextInt(50);
                // two nodes that share some users
                int to = from + 50 + random.nextInt(300);
                IntStream.range(from, to).forEach(all::add);
                boolean hasUnion = random.nextBoolean();
                long first = 25 + (to - from) / 2;
                long sum = to - from + overlap;
                windows[i] = window(
                        2, hasUnion ? 2 : 0, Math.max(first, sum - first), sum, hasUnion ? users(from, to) : null);
            }
            HistoryStep step = step(windows);

            assertThat((long) all.size())
                    .isBetween(
                            step.get(HistoryField.NUM_UNIQUE_CLIENTS_LOWER),
                            step.get(HistoryField.NUM_UNIQUE_CLIENTS_UPPER));
        }
    }
}

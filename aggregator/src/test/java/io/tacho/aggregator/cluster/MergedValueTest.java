// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tacho.aggregator.cluster.MergedValue.Union;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.NodeList;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeStatus;
import io.tacho.model.Quality;
import io.tacho.model.QualityFlags;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.sketch.DistinctCount;
import io.tacho.store.StoredSnapshot;
import io.tacho.testing.ManualTicker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the bounds of a union, the imbalance, the node groups, and their cost-throttled cache. */
class MergedValueTest {

    private final ManualTicker ticker = new ManualTicker();
    private final ClusterView view = new ClusterView(new SnapshotCodec(), ticker, 1_000);
    private long seq;

    private void add(String name, long clients, boolean draining, String version, Quality quality) {
        view.onLoaded(new StoredSnapshot(
                SnapshotEnvelope.builder(NodeSnapshot.builder("uid-" + name, name)
                                .set(Field.NUM_CLIENTS, clients)
                                .build())
                        .seq(++seq)
                        .ttlMillis(15_000)
                        .metricsIntervalSeconds(60)
                        .status(new NodeStatus(
                                "host",
                                5_000,
                                draining,
                                version,
                                Map.of(),
                                quality == null
                                        ? QualityFlags.NONE
                                        : QualityFlags.of(Map.of(Field.NUM_CLIENTS, quality))))
                        .build(),
                15_000));
    }

    private void add(String name, long clients) {
        add(name, clients, false, null, null);
    }

    private Imbalance imbalance() {
        return Imbalance.of(view.nodeList().nodes(), Field.NUM_CLIENTS);
    }

    @ParameterizedTest
    @CsvSource({
        // nodes, max, sum, sketches: estimate and bounds of the union are 100, 110 and 120
        "0, 0, 0, 0, 0, false, 0, 0",
        "1, 50, 50, 0, 50, false, 50, 50",
        "3, 50, 130, 0, 130, true, 50, 130",
        "3, 50, 130, 2, 130, true, 100, 130",
        "3, 50, 130, 3, 110, false, 100, 120",
        "3, 105, 130, 3, 110, false, 105, 120",
        "3, 50, 115, 3, 110, false, 100, 115",
        "3, 50, 90, 3, 110, false, 100, 100"
    })
    void union_isBoundedByTheLargestNodeAndTheSum(
            int nodes, long max, long sum, int sketches, long number, boolean isUpperBound, long lower, long upper) {
        Union union = new Union(nodes, max, sum, sketches, sketches == 0 ? null : new DistinctCount(100, 110, 120));

        assertThat(union.number()).isEqualTo(number);
        assertThat(union.isUpperBound()).isEqualTo(isUpperBound);
        assertThat(union.lower()).isEqualTo(lower);
        assertThat(union.upper()).isEqualTo(upper);
    }

    @Test
    void range_hasNoNumber() {
        assertThat(new MergedValue.Range(1, 2).number()).isNull();
        assertThat(new MergedValue.Single(7).number()).isEqualTo(7);
        assertThat(new MergedValue.Single(7).isUpperBound()).isFalse();
    }

    @Test
    void imbalance_ofFewerThanTwoNodesOrOfZeros_isUnknown() {
        assertThat(imbalance()).isNull();
        add("a", 5);
        assertThat(imbalance()).isNull();
        add("a", 0);
        add("b", 0);
        assertThat(imbalance()).isNull();
    }

    @Test
    void imbalance_ofEqualNodes_isNone() {
        add("a", 7);
        add("b", 7);

        assertThat(imbalance()).isEqualTo(new Imbalance(2, 1, 0));
    }

    @Test
    void imbalance_excludesDrainingAndUnavailableNodes() {
        add("a", 100);
        add("b", 300);
        add("c", 9_000, true, null, null);
        add("d", 0, false, null, Quality.UNAVAILABLE);

        assertThat(imbalance()).isEqualTo(new Imbalance(2, 1.5, 0.5));
    }

    @Test
    void imbalance_matchesTheDefinition() {
        Random random = new Random(17);
        double sum = 0;
        double squares = 0;
        long max = 0;
        for (int i = 0; i < 200; i++) {
            long value = random.nextInt(1_000_000);
            add("n" + i, value);
            sum += value;
            squares += (double) value * value;
            max = Math.max(max, value);
        }
        double mean = sum / 200;

        assertThat(imbalance().maxOverMean()).isCloseTo(max / mean, within(1e-9));
        assertThat(imbalance().variation()).isCloseTo(Math.sqrt(squares / 200 - mean * mean) / mean, within(1e-9));
    }

    @Test
    void imbalance_ofTheLargestValues_doesNotOverflow() {
        add("a", NodeSnapshot.MAX_VALUE);
        add("b", NodeSnapshot.MAX_VALUE);
        add("c", NodeSnapshot.MAX_VALUE);

        assertThat(imbalance().maxOverMean()).isEqualTo(1);
    }

    @Test
    void groups_areSortedBySizeThenValue_missingValueIsNull() {
        add("a", 1, false, "2.0", null);
        add("b", 2, false, "1.0", null);
        add("c", 3, false, null, null);
        add("d", 4, false, "2.0", null);
        NodeList list = view.nodeList();

        assertThat(NodeGroup.of(list, node -> node.envelope().status().version()))
                .extracting(NodeGroup::value)
                .containsExactly("2.0", null, "1.0");
        assertThat(NodeGroup.of(list, node -> node.envelope().status().version()))
                .extracting(group -> group.totals().number("num_clients"))
                .containsExactly(5L, 3L, 2L);
    }

    @Test
    void groups_ofNoNodes_areNone() {
        assertThat(NodeGroup.of(view.nodeList(), node -> "a")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        // start, end, nodes
        "0, 100, 1000, 1000",
        "0, 0, 1000, 0",
        "0, 1000000, 10, 4000000",
        "0, 1000000, 0, 1000000",
        "9223372036854775000, 9223372036854775100, 1000, -9223372036854775616"
    })
    void cacheTime_isNineTimesTheCost_upToALimitPerNode(long start, long end, int nodes, long until) {
        assertThat(CostThrottledCache.keepUntil(start, end, nodes)).isEqualTo(until);
    }

    @Test
    void cache_concurrentReaders_shareOneComputation_untilItExpires() {
        Deque<Runnable> tasks = new ArrayDeque<>();
        AtomicInteger computed = new AtomicInteger();
        CostThrottledCache<Integer> cache = new CostThrottledCache<>(
                view,
                () -> {
                    ticker.advance(Duration.ofNanos(100));
                    return computed.incrementAndGet();
                },
                tasks::add,
                ticker);
        add("a", 1);
        CompletionStage<Integer> first = cache.get();
        CompletionStage<Integer> second = cache.get();
        assertThat(tasks).hasSize(1);
        tasks.remove().run();
        assertThat(first.toCompletableFuture().join()).isEqualTo(1);
        assertThat(second.toCompletableFuture().join()).isEqualTo(1);

        ticker.advance(Duration.ofNanos(899));
        assertThat(cache.get().toCompletableFuture().join()).isEqualTo(1);
        ticker.advance(Duration.ofNanos(1));
        assertThat(cache.get().toCompletableFuture()).isNotDone();
        assertThat(tasks).hasSize(1);
    }

    @Test
    void cache_afterAFailure_computesAgain() {
        AtomicInteger calls = new AtomicInteger();
        CostThrottledCache<Integer> cache = new CostThrottledCache<>(
                view,
                () -> {
                    if (calls.incrementAndGet() == 1) {
                        throw new IllegalStateException("bug");
                    }
                    return 7;
                },
                Runnable::run,
                ticker);

        assertThatThrownBy(() -> cache.get().toCompletableFuture().join()).hasRootCauseMessage("bug");
        assertThat(cache.get().toCompletableFuture().join()).isEqualTo(7);
    }
}

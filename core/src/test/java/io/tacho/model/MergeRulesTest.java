// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import static io.tacho.model.NodeSnapshot.MAX_VALUE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MergeRulesTest {

    private record Node(
            Map<Field, Long> values,
            Set<Field> unavailable,
            @Nullable String host) implements MergeRules.Values {

        @Override
        public long number(Field field) {
            return values.getOrDefault(field, 0L);
        }

        @Override
        public boolean isUnavailable(Field field) {
            return unavailable.contains(field);
        }
    }

    private static Node node(Field field, long value) {
        return new Node(Map.of(field, value), Set.of(), null);
    }

    private static Node on(@Nullable String host, long cpus) {
        return new Node(Map.of(Field.NUM_CPU, cpus), Set.of(), host);
    }

    private static Node timed(long requests, long mean) {
        return new Node(Map.of(Field.NUM_API_REQUESTS, requests, Field.TIME_API_MEAN, mean), Set.of(), null);
    }

    @Test
    void noNodes_everyRule_returnsZero() {
        assertThat(Field.NUMBERS)
                .filteredOn(field -> field != Field.STARTED_AT)
                .allSatisfy(field ->
                        assertThat(MergeRules.merge(field, List.<Node>of())).isZero());
    }

    @Test
    void sum_addsValues() {
        assertThat(MergeRules.merge(Field.NUM_CLIENTS, List.of(node(Field.NUM_CLIENTS, 3), node(Field.NUM_CLIENTS, 4))))
                .isEqualTo(7);
    }

    @Test
    void sum_saturates() {
        List<Node> nodes = List.of(
                node(Field.NUM_CLIENTS, MAX_VALUE), node(Field.NUM_CLIENTS, 1), node(Field.NUM_CLIENTS, MAX_VALUE));

        assertThat(MergeRules.merge(Field.NUM_CLIENTS, nodes)).isEqualTo(MAX_VALUE);
        assertThat(MergeRules.sum(List.of(Long.MAX_VALUE, 1L), Long::longValue)).isEqualTo(MAX_VALUE);
    }

    @Test
    void union_isSum_asUpperBound() {
        List<Node> nodes = List.of(node(Field.NUM_CHANNELS, 5), node(Field.NUM_CHANNELS, 6));

        assertThat(MergeRules.merge(Field.NUM_CHANNELS, nodes)).isEqualTo(11);
    }

    @Test
    void max_returnsLargest() {
        List<Node> nodes = List.of(node(Field.TIME_API_MAX, 5), node(Field.TIME_API_MAX, MAX_VALUE));

        assertThat(MergeRules.merge(Field.TIME_API_MAX, nodes)).isEqualTo(MAX_VALUE);
    }

    @Test
    void sumPerHost_addsLargestOfEachHost_andNodesWithoutHost() {
        List<Node> nodes = List.of(on("a", 8), on("a", 16), on("b", 4), on(null, 2), on(null, 2));

        assertThat(MergeRules.merge(Field.NUM_CPU, nodes)).isEqualTo(24);
    }

    @Test
    void sumPerHost_saturates() {
        List<Node> nodes = List.of(on("a", MAX_VALUE), on("b", MAX_VALUE), on(null, MAX_VALUE));

        assertThat(MergeRules.merge(Field.NUM_CPU, nodes)).isEqualTo(MAX_VALUE);
    }

    @Test
    void weightedMean_isWeightedByRequests_roundedDown() {
        assertThat(MergeRules.merge(Field.TIME_API_MEAN, List.of(timed(1, 100), timed(2, 201))))
                .isEqualTo(167);
    }

    @Test
    void weightedMean_hugeValues_isExact() {
        assertThat(MergeRules.merge(Field.TIME_API_MEAN, List.of(timed(MAX_VALUE, MAX_VALUE), timed(MAX_VALUE, 1))))
                .isEqualTo((MAX_VALUE + 1) / 2);
    }

    /** The weighted sum overflows a long several times, once, or never. */
    @ParameterizedTest
    @ValueSource(longs = {1, 1L << 31, 1L << 32, 1L << 52, MAX_VALUE})
    void weightedMean_sumsOverflowLong_isExact(long largest) {
        Random random = new Random(largest);
        List<Node> nodes = new ArrayList<>();
        BigInteger totals = BigInteger.ZERO;
        BigInteger weights = BigInteger.ZERO;
        for (int i = 0; i < 200; i++) {
            long mean = (random.nextLong() >>> 1) % (largest + 1);
            long weight = (random.nextLong() >>> 1) % (largest + 1);
            nodes.add(timed(weight, mean));
            totals = totals.add(BigInteger.valueOf(mean).multiply(BigInteger.valueOf(weight)));
            weights = weights.add(BigInteger.valueOf(weight));
            assertThat(MergeRules.merge(Field.TIME_API_MEAN, nodes))
                    .isEqualTo(totals.divide(weights.max(BigInteger.ONE)).longValueExact());
        }
    }

    @Test
    void weightedMean_allWeightsZero_isZero() {
        assertThat(MergeRules.merge(Field.TIME_API_MEAN, List.of(timed(0, 100), timed(0, 200))))
                .isZero();
    }

    @Test
    void weightedMean_unavailable_hasNoWeight() {
        Node unavailable = new Node(Map.of(Field.NUM_API_REQUESTS, 1_000L), Set.of(Field.TIME_API_MEAN), null);

        assertThat(MergeRules.merge(Field.TIME_API_MEAN, List.of(unavailable, timed(10, 100))))
                .isEqualTo(100);
    }

    @Test
    void meanOfTotals_overflow_saturates() {
        assertThat(MergeRules.mean(List.of(1L), one -> BigInteger.TWO.pow(80), one -> one))
                .isEqualTo(MAX_VALUE);
    }

    @Test
    void rangeRule_mergedToOneNumber_isRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MergeRules.merge(Field.STARTED_AT, List.<Node>of()))
                .withMessage("started_at: merged by range (expected: to one number)");
    }
}

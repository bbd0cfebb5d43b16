// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.tacho.aggregator.view.ClusterView;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.Extra;
import io.tacho.model.Extras;
import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.model.WindowDetail;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.Encoded;
import io.tacho.sketch.HistogramBuckets;
import io.tacho.sketch.HyperLogLog;
import io.tacho.store.StoredSnapshot;
import io.tacho.testing.ManualTicker;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ClusterTotalsTest {

    private final ManualTicker ticker = new ManualTicker();
    private final ClusterView view = new ClusterView(new SnapshotCodec(), ticker, 100);

    private void add(String uid, long seq, long clients, WindowDetail detail) {
        NodeSnapshot snapshot = NodeSnapshot.builder(uid, "n-" + uid)
                .set(Field.NUM_GOROUTINE, 7)
                .set(Field.NUM_CLIENTS, clients)
                .set(Field.NUM_UNIQUE_CLIENTS, clients)
                .set(Field.NUM_CHANNELS, clients)
                .set(Field.STARTED_AT, 1_000 + clients)
                .set(Field.GOMAXPROCS, 2)
                .set(Field.NUM_CPU, 4)
                .build();
        view.onLoaded(new StoredSnapshot(
                SnapshotEnvelope.builder(snapshot)
                        .seq(seq)
                        .ttlMillis(15_000)
                        .metricsIntervalSeconds(60)
                        .detail(detail)
                        .build(),
                15_000));
    }

    private static WindowDetail users(int from, int to) {
        HyperLogLog sketch = HyperLogLog.of(
                IntStream.range(from, to).mapToObj(i -> "user" + i).toList());
        return new WindowDetail(null, null, sketch.encoded(), null);
    }

    private ClusterTotals totals() {
        return ClusterTotals.of(view.nodeList());
    }

    @Test
    void noNodes_haveZerosAndNeitherRangeNorQuantiles() {
        ClusterTotals totals = totals();

        assertThat(totals.nodes()).isZero();
        assertThat(totals.number("num_clients")).isZero();
        assertThat(totals.number("num_unique_clients")).isZero();
        assertThat(totals.value(Field.STARTED_AT)).isNull();
        assertThat(totals.number("time_api_p99")).isNull();
    }

    @Test
    void range_isSmallestAndLargestValue() {
        add("a", 1, 10, WindowDetail.NONE);
        add("b", 1, 30, WindowDetail.NONE);

        assertThat(totals().value(Field.STARTED_AT)).isEqualTo(new MergedValue.Range(1_010, 1_030));
    }

    @Test
    void union_allNodesShipSketches_estimate() {
        add("a", 1, 2_000, users(0, 2_000));
        add("b", 1, 2_000, users(1_000, 3_000));

        assertThat(totals().number("num_unique_clients").doubleValue()).isCloseTo(3_000, within(150.0));
        assertThat(totals().value(Field.NUM_UNIQUE_CLIENTS).isUpperBound()).isFalse();
    }

    @Test
    void union_oneNodeWithoutSketch_sumAsUpperBound() {
        add("a", 1, 2_000, users(0, 2_000));
        add("b", 1, 2_000, WindowDetail.NONE);

        assertThat(totals().number("num_unique_clients")).isEqualTo(4_000);
        assertThat(totals().value(Field.NUM_UNIQUE_CLIENTS).isUpperBound()).isTrue();
    }

    @Test
    void union_singleNode_exact() {
        add("a", 1, 2_000, WindowDetail.NONE);

        assertThat(totals().number("num_unique_clients")).isEqualTo(2_000);
        assertThat(totals().value(Field.NUM_UNIQUE_CLIENTS).isUpperBound()).isFalse();
    }

    private static WindowDetail extras(Map<String, Extra> extras) {
        return new WindowDetail(null, null, null, null, new Extras(extras));
    }

    @Test
    void extras_areMergedByTheirRule() {
        DurationHistogram one = durations(1_000, 2_000);
        DurationHistogram two = durations(4_000, 8_000);
        add("a", 1, 1, extras(Map.of("s", Extra.gauge(7), "m", Extra.gauge("max", 7), "l", Extra.gauge("last", 7))));
        ticker.advance(Duration.ofSeconds(1));
        add("b", 1, 1, extras(Map.of("s", Extra.gauge(5), "m", Extra.gauge("max", 5), "l", Extra.gauge("last", 5))));
        add("c", 1, 1, extras(Map.of("t", Extra.timer(one), "s", Extra.gauge(1))));
        add("d", 1, 1, extras(Map.of("t", Extra.timer(two), "u", Extra.gauge("median", 1))));

        assertThat(totals().extras())
                .containsOnlyKeys("s", "m", "l", "t")
                .containsEntry("s", new MergedExtra("gauge", "sum", 3, 13, null))
                .containsEntry("m", new MergedExtra("gauge", "max", 2, 7, null))
                .containsEntry("l", new MergedExtra("gauge", "last", 2, 5, null))
                .containsEntry("t", new MergedExtra("timer", "histogram", 2, 0, one.merge(two)));
    }

    @Test
    void extras_differentRules_nodesOfOneRuleAreMerged() {
        add("a", 1, 1, extras(Map.of("x", Extra.gauge(7))));
        add("b", 1, 1, extras(Map.of("x", Extra.gauge("max", 9))));
        add("c", 1, 1, extras(Map.of("x", Extra.counter(9, 9))));

        assertThat(totals().extras()).containsEntry("x", new MergedExtra("gauge", "sum", 1, 7, null));
    }

    @Test
    void extras_unreadableHistogram_isExcluded() {
        Extra unreadable = new Extra("timer", "histogram", 0, null, Encoded.histogram(new byte[] {9}));
        add("a", 1, 1, extras(Map.of("t", unreadable)));
        add("b", 1, 1, extras(Map.of("t", Extra.timer(durations(1_000)))));

        assertThat(totals().extras().get("t").nodes()).isEqualTo(1);
        assertThat(totals().unreadable()).containsExactly("a");
    }

    private static DurationHistogram durations(long... nanos) {
        long[] buckets = new long[HistogramBuckets.COUNT];
        LongStream.of(nanos).forEach(duration -> buckets[HistogramBuckets.indexOf(duration)]++);
        return DurationHistogram.of(
                buckets, LongStream.of(nanos).sum(), LongStream.of(nanos).max().orElseThrow());
    }

    @Test
    void number_unknownMetric_errorListsKnownMetrics() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> totals().number("started_at"))
                .withMessageStartingWith("metric 'started_at' (expected: one of num_goroutine, num_clients, ")
                .withMessageEndingWith("time_client_p99, time_client_p999)");
    }

    @Test
    void cache_sameVersion_returnsTheSameTotals() {
        TotalsCache cache = new TotalsCache(view, ticker);
        add("a", 1, 10, WindowDetail.NONE);
        ClusterTotals first = cache.get();
        ticker.advance(Duration.ofHours(1));

        assertThat(cache.get()).isSameAs(first);
        add("a", 2, 11, WindowDetail.NONE);
        assertThat(cache.get().number("num_clients")).isEqualTo(11);
    }

    @Test
    void cache_expensiveTotals_areReusedForSomeTime() {
        AtomicLong nanos = new AtomicLong();
        // each reading of the clock advances it by one millisecond
        TotalsCache cache = new TotalsCache(view, () -> nanos.addAndGet(1_000_000));
        for (int i = 0; i < 100; i++) {
            add("u" + i, 1, 1, WindowDetail.NONE);
        }
        assertThat(cache.get().number("num_clients")).isEqualTo(100);
        add("u0", 2, 2, WindowDetail.NONE);

        assertThat(cache.get().number("num_clients")).isEqualTo(100);
        nanos.addAndGet(10_000_000);
        assertThat(cache.get().number("num_clients")).isEqualTo(101);
    }
}

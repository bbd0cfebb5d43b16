// SPDX-License-Identifier: Apache-2.0
package io.tacho.model.period;

import static io.tacho.testing.Windows.SLOT;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.model.ClusterWindow;
import io.tacho.model.Field;
import io.tacho.model.WindowSlot;
import io.tacho.sketch.HyperLogLog;
import io.tacho.testing.Summaries;
import io.tacho.testing.Windows;
import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PeriodSummaryTest {

    private static final long START = SLOT / 1_000;

    @Test
    void merge_sumsAbove2To53_areExact() {
        TreeMap<String, BigInteger> numbers = new TreeMap<>();
        numbers.put("memory_sys_seconds", BigInteger.valueOf(Long.MAX_VALUE));
        numbers.put("max_channels", BigInteger.TEN);
        PeriodSummary large = new PeriodSummary(numbers, new TreeMap<>(), Map.of(), null, null, null, null);

        PeriodSummary merged = PeriodSummary.merge(List.of(large, large, large));

        assertThat(merged.number("memory_sys_seconds"))
                .isEqualTo(BigInteger.valueOf(Long.MAX_VALUE).multiply(BigInteger.valueOf(3)));
        assertThat(merged.number("max_channels")).isEqualTo(10);
    }

    /** With an empty history, an aggregator merges no summaries for each hour of a week and each day of a year. */
    @Test
    void merge_withoutSummaries_allocatesNothing() {
        assertThat(PeriodSummary.merge(List.of())).isSameAs(PeriodSummary.EMPTY);
    }

    @Test
    void merge_withoutHistogramsAndSketches_allocatesNone() {
        PeriodSummary some = new PeriodSummary(
                new TreeMap<>(Map.of("max_channels", BigInteger.TEN)),
                new TreeMap<>(),
                Map.of(),
                null,
                null,
                null,
                null);
        List<PeriodSummary> two = List.of(some, some);
        PeriodSummary.merge(two);
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();

        for (int i = 0; i < 100; i++) {
            PeriodSummary.merge(two);
        }

        // the buckets of a histogram alone take 12 KB
        assertThat((threads.getCurrentThreadAllocatedBytes() - before) / 100).isLessThan(10_000);
    }

    @Test
    void merge_isCommutativeAndAssociative() {
        Random random = new Random(7);
        List<PeriodSummary> minutes = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            minutes.add(Summaries.minute(
                    SLOT + 60_000L * i, 1 + random.nextInt(5), random.nextInt(1_000), 1 + random.nextInt(1_000_000)));
        }
        PeriodSummary all = PeriodSummary.merge(minutes);
        Collections.shuffle(minutes, random);

        assertThat(PeriodSummary.merge(minutes)).isEqualTo(all);
        assertThat(PeriodSummary.merge(List.of(
                        PeriodSummary.merge(minutes.subList(0, 17)), PeriodSummary.merge(minutes.subList(17, 60)))))
                .isEqualTo(all);
    }

    @Test
    void merge_usersOfSeveralPeriods_areCountedOnce() {
        List<PeriodSummary> days = IntStream.range(0, 3)
                .mapToObj(day -> new PeriodSummary(
                        new TreeMap<>(),
                        new TreeMap<>(),
                        Map.of(),
                        null,
                        null,
                        Summaries.users(1_000 * day, 1_000 * day + 2_000).encoded(),
                        null))
                .toList();

        HyperLogLog union = PeriodSummary.merge(days).users().decode();

        assertThat(union.count().estimate()).isBetween(3_900L, 4_100L);
        assertThat(union.encoded()).isEqualTo(Summaries.users(0, 4_000).encoded());
    }

    @Test
    void nodeCounts_aboveLimit_areRoundedDown() {
        TreeMap<Long, Long> counts = new TreeMap<>();
        for (long nodes = 1; nodes <= 500; nodes++) {
            counts.put(nodes, 60L);
        }
        PeriodSummary summary = new PeriodSummary(new TreeMap<>(), counts, Map.of(), null, null, null, null);

        assertThat(summary.secondsByNodes()).hasSize(PeriodSummary.MAX_NODE_COUNTS);
        assertThat(summary.secondsWith(1)).isEqualTo(500 * 60);
        assertThat(summary.secondsWith(250)).as("a lower bound").isLessThanOrEqualTo(251 * 60);
    }

    @Test
    void peak_isLargestTotal_withFirstTimestamp() {
        PeriodSummary cluster = WindowSummary.ofCluster(List.of(
                Summaries.window(new WindowSlot(60, SLOT), 2, 3),
                Summaries.window(new WindowSlot(60, SLOT + 60_000), 4, 5),
                Summaries.window(new WindowSlot(60, SLOT + 120_000), 4, 5)));

        assertThat(cluster.peaks())
                .containsEntry(Field.NUM_CLIENTS, new Peak(11 * 20, START + 60))
                .containsEntry(Field.NUM_MSG_PUBLISHED, new Peak(20, START + 60));
        assertThat(cluster.secondsByNodes()).isEqualTo(Map.of(2L, 60L, 4L, 120L));
    }

    @Test
    void peak_ofSeveralIntervals_isLargestSumAtOneTime() {
        ClusterWindow minute = Summaries.window(new WindowSlot(60, SLOT), 1, 10);
        List<ClusterWindow> windows = new ArrayList<>(List.of(minute));
        for (int i = 0; i < 12; i++) {
            windows.add(Summaries.window(new WindowSlot(10, SLOT + 10_000L * i), 2, i == 3 ? 9 : 1));
        }

        PeriodSummary cluster = WindowSummary.ofCluster(windows);

        assertThat(cluster.peaks())
                .as("clients: 110 and 198; messages per minute: 10 and 6 times 18")
                .containsEntry(Field.NUM_CLIENTS, new Peak(110 + 198, START + 30))
                .containsEntry(Field.NUM_MSG_PUBLISHED, new Peak(10 + 6 * 18, START + 30));
        assertThat(cluster.coveredSeconds()).isEqualTo(120);
        assertThat(cluster.secondsByNodes()).isEqualTo(Map.of(3L, 60L, 2L, 60L));
    }

    @Test
    void integrals_areWeightedByWindowLength() {
        PeriodSummary partition = WindowSummary.ofPartition(List.of(
                Summaries.window(new WindowSlot(60, SLOT), 1, 10), Summaries.window(new WindowSlot(10, SLOT), 1, 1)));

        assertThat(partition.number("num_clients_seconds")).isEqualTo(60 * 110 + 10 * 11);
        assertThat(partition.number("node_seconds")).isEqualTo(70);
        assertThat(partition.number("max_channels")).isEqualTo(130);
        assertThat(partition.coveredSeconds())
                .as("known only after merging all partitions")
                .isZero();
        assertThat(Windows.minute(SLOT, 1).gauges().numClients()).isEqualTo(11);
    }
}

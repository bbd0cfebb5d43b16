// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class OtlpSeriesTest {

    private final OtlpSeries series = new OtlpSeries();

    @Test
    void exponentialDeltasOfAnyScale_areMergedIntoBoundedBuckets() {
        Random random = new Random(1);
        double total = 0;
        for (int export = 0; export < 1_000; export++) {
            NavigableMap<Double, Double> buckets = new TreeMap<>();
            for (int i = 0; i < 160; i++) {
                buckets.put(1e-3 * Math.exp(7 * random.nextDouble()), 1.0);
            }
            series.setHistogram(160, 1, buckets, true, true);
            total += 160;
        }

        assertThat(series.buckets()).hasSizeLessThan(400);
        assertThat(series.buckets().values().stream()
                        .mapToDouble(count -> count)
                        .sum())
                .isCloseTo(total, within(0.5));
        assertThat(series.value()).isCloseTo(1_000, within(0.5));
    }

    @Test
    void upperBoundOfMergedBucket_isAtMostTwoPercentAbove() {
        NavigableMap<Double, Double> buckets = new TreeMap<>();
        buckets.put(0.125, 3.0);
        buckets.put(0.3, 4.0);
        series.setHistogram(7, 1, buckets, true, true);

        assertThat(series.buckets().firstKey()).isCloseTo(0.125, within(1e-9));
        assertThat(series.buckets().lastKey()).isBetween(0.3, 0.3 * 1.023);
    }

    @Test
    void changingExplicitBounds_bucketCountIsBounded() {
        Random random = new Random(2);
        for (int export = 0; export < 100; export++) {
            NavigableMap<Double, Double> buckets = new TreeMap<>();
            for (int i = 0; i < 1_000; i++) {
                buckets.put(random.nextDouble(), 1.0);
            }
            series.setHistogram(1_000, 1, buckets, false, true);
            assertThat(series.buckets().size()).isLessThanOrEqualTo(OtlpSeries.MAX_BUCKETS + 1_000);
        }
    }
}

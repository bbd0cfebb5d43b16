// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tacho.agent.source.scrape.HistogramIncrease.Bucket;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class HistogramIncreaseTest {

    private static final double INFINITE = Double.POSITIVE_INFINITY;

    private static List<Bucket> buckets(Map<Double, Double> cumulative, double sum) {
        return new HistogramIncrease(new TreeMap<>(cumulative), sum).buckets();
    }

    @Test
    void emptyBuckets_areOmitted() {
        assertThat(buckets(Map.of(0.1, 0.0, 0.5, 4.0, 1.0, 4.0, 2.0, 6.0), 100))
                .containsExactly(new Bucket(0.1, 0.5, 4), new Bucket(1, 2, 2));
    }

    @Test
    void noObservations_noBuckets() {
        assertThat(buckets(Map.of(), 0)).isEmpty();
        assertThat(buckets(Map.of(0.1, 0.0, INFINITE, 0.0), 0)).isEmpty();
    }

    @Test
    void infiniteBucket_isBoundedBySum() {
        // lower bounds are 0.1, 1 and 1, so the longest duration is at most 1 + (4.9 - 0.1 - 2 * 1)
        assertThat(buckets(Map.of(0.1, 0.0, 1.0, 1.0, INFINITE, 3.0), 4.9))
                .last()
                .satisfies(bucket -> {
                    assertThat(bucket.low()).isEqualTo(1);
                    assertThat(bucket.high()).isEqualTo(1 + 4.9 - 0.1 - 2, within(1e-9));
                    assertThat(bucket.count()).isEqualTo(2);
                });
    }

    @Test
    void sumTooSmall_infiniteBucketHasZeroWidth() {
        assertThat(buckets(Map.of(1.0, 1.0, INFINITE, 2.0), 0.5)).last().isEqualTo(new Bucket(1, 1, 1));
    }

    @Test
    void decreasingCounts_areIgnored() {
        assertThat(buckets(Map.of(1.0, 5.0, 2.0, 3.0, 4.0, 6.0), 100))
                .containsExactly(new Bucket(0, 1, 5), new Bucket(2, 4, 1));
    }

    @Test
    void negativeBounds_areIgnored() {
        assertThat(buckets(Map.of(-1.0, 0.0, 1.0, 2.0), 100)).containsExactly(new Bucket(0, 1, 2));
    }

    @Test
    void scaled_convertsUnit() {
        HistogramIncrease millis = new HistogramIncrease(new TreeMap<>(Map.of(100.0, 1.0, 500.0, 3.0)), 800);

        assertThat(millis.scaled(0.001))
                .isEqualTo(new HistogramIncrease(new TreeMap<>(Map.of(0.1, 1.0, 0.5, 3.0)), 0.8));
    }

    @Test
    void randomObservations_areInBucketThatContainsThem() {
        Random random = new Random(9);
        double[] bounds = {0.005, 0.01, 0.1, 0.5, 1, 5, INFINITE};
        for (int run = 0; run < 300; run++) {
            TreeMap<Double, Double> cumulative = new TreeMap<>();
            double[] observations =
                    random.doubles(random.nextInt(40), 0, 8).map(x -> x * x / 8).toArray();
            double sum = 0;
            for (double observation : observations) {
                sum += observation;
            }
            for (double bound : bounds) {
                double below = 0;
                for (double observation : observations) {
                    below += observation <= bound ? 1 : 0;
                }
                cumulative.put(bound, below);
            }

            List<Bucket> buckets = buckets(cumulative, sum);

            assertThat(buckets.stream().mapToLong(Bucket::count).sum()).isEqualTo(observations.length);
            for (double observation : observations) {
                assertThat(buckets)
                        .anyMatch(bucket ->
                                observation >= bucket.low() && observation <= bucket.high() * (1 + 1e-9) + 1e-12);
            }
        }
    }
}

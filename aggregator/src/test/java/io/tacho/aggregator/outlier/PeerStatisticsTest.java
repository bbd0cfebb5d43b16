// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.outlier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PeerStatisticsTest {

    @Test
    void median_equalsTheMiddleOfTheSortedValues() {
        Random random = new Random(1);
        for (int count = 1; count <= 200; count++) {
            double[] values = random.ints(count, 0, 1 + random.nextInt(50))
                    .asDoubleStream()
                    .toArray();
            double[] sorted = values.clone();
            Arrays.sort(sorted);
            double expected = count % 2 == 1 ? sorted[count / 2] : (sorted[count / 2 - 1] + sorted[count / 2]) / 2;

            assertThat(PeerStatistics.median(values, count))
                    .as("of " + Arrays.toString(sorted))
                    .isEqualTo(expected);
        }
    }

    @Test
    void deviation_ofNormalValues_isTheirStandardDeviation() {
        Random random = new Random(2);
        double[] values = new double[20_001];
        Arrays.setAll(values, i -> 7 + 3 * random.nextGaussian());

        PeerStatistics statistics = PeerStatistics.of(values, values.length, new double[values.length]);

        assertThat(statistics.median()).isCloseTo(7, within(0.1));
        assertThat(statistics.deviation()).isCloseTo(3, within(0.1));
    }

    @Test
    void minorityOfOutliers_hasLittleEffect() {
        double[] values = {10, 11, 9, 10, 12, 8, 10, 1_000, 5_000};

        PeerStatistics statistics = PeerStatistics.of(values, values.length, new double[values.length]);

        assertThat(statistics.median()).isEqualTo(10);
        assertThat(statistics.deviation()).isCloseTo(1.4826, within(1e-9));
    }

    @Test
    void values_areNotChanged() {
        double[] values = {3, 1, 2};

        PeerStatistics.of(values, 3, new double[3]);

        assertThat(values).containsExactly(3, 1, 2);
    }
}

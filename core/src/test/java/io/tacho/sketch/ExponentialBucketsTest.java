// SPDX-License-Identifier: Apache-2.0
package io.tacho.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExponentialBucketsTest {

    private static long[] counts(long... nanos) {
        long[] buckets = new long[HistogramBuckets.COUNT];
        for (long duration : nanos) {
            buckets[HistogramBuckets.indexOf(duration)]++;
        }
        return buckets;
    }

    @Test
    void of_emptyHistogram() {
        ExponentialBuckets empty = ExponentialBuckets.of(counts());

        assertThat(empty.zeroCount()).isZero();
        assertThat(empty.indexes()).isEmpty();
        assertThat(empty.counts()).isEmpty();
    }

    @Test
    void of_zeroDurations_areInZeroBucket() {
        ExponentialBuckets zeros = ExponentialBuckets.of(counts(0, 0, 1_000_000_000));

        assertThat(zeros.zeroCount()).isEqualTo(2);
        assertThat(zeros.counts()).containsExactly(1);
    }

    @Test
    void of_indexesAscend_countsAreComplete() {
        long[] durations = LongStream.iterate(1, nanos -> nanos < 60_000_000_000L, nanos -> nanos + 1 + nanos / 50)
                .toArray();

        ExponentialBuckets buckets = ExponentialBuckets.of(counts(durations));

        assertThat(buckets.indexes()).isSorted().doesNotHaveDuplicates();
        assertThat(Arrays.stream(buckets.counts()).sum()).isEqualTo(durations.length);
        assertThat(buckets.counts()).doesNotContain(0);
    }

    /** Applies to durations of at least 1 µs; shorter ones have buckets of 1 ns. */
    @ParameterizedTest
    @ValueSource(
            longs = {1_000, 1_234, 10_007, 250_000, 999_999, 1_000_000, 33_000_000, 1_000_000_000, 59_999_999_999L})
    void of_duration_isWithinOnePercentOfItsBucket(long nanos) {
        int index = ExponentialBuckets.of(counts(nanos)).indexes()[0];

        assertThat(nanos / 1e9)
                .isBetween(
                        ExponentialBuckets.upperBound(index - 1) * 0.99, ExponentialBuckets.upperBound(index) * 1.01);
    }

    @Test
    void upperBound_matchesPrometheusSchema5() {
        assertThat(ExponentialBuckets.upperBound(0)).isEqualTo(1);
        assertThat(ExponentialBuckets.upperBound(32)).isEqualTo(2);
        assertThat(ExponentialBuckets.upperBound(-32)).isEqualTo(0.5);
        assertThat(ExponentialBuckets.upperBound(1)).isEqualTo(1.0218971486541166, within(1e-15));
    }

    @Test
    void addTo_addsToExistingCounts() {
        long[] sums = counts(5, 1_000);

        DurationHistogram.of(counts(5, 5, 7), 17, 7).addTo(sums);

        assertThat(sums).isEqualTo(counts(5, 5, 5, 7, 1_000));
    }
}

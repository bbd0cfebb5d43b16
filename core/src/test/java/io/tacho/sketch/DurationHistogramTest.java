// SPDX-License-Identifier: Apache-2.0
package io.tacho.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationHistogramTest {

    private static final double[] SHARES = {0, 0.01, 0.5, 0.9, 0.99, 0.999, 1};

    @Test
    void bucket_durationIsNearMiddleOfItsBucket() {
        Random random = new Random(1);
        for (int i = 0; i < 1_000_000; i++) {
            long nanos = (long) Math.exp(random.nextDouble() * Math.log(60e9));
            int index = HistogramBuckets.indexOf(nanos);
            long middle = HistogramBuckets.middle(index);

            assertThat(Math.abs(middle - nanos)).isLessThanOrEqualTo(nanos / 100);
            assertThat(nanos).isBetween(HistogramBuckets.lowest(index), HistogramBuckets.lowest(index + 1) - 1);
        }
    }

    @Test
    void bucket_startsWherePreviousEnds() {
        for (int index = 0; index < HistogramBuckets.COUNT; index++) {
            long lowest = HistogramBuckets.lowest(index);

            assertThat(HistogramBuckets.indexOf(lowest)).isEqualTo(index);
            if (index > 0) {
                assertThat(HistogramBuckets.indexOf(lowest - 1)).isEqualTo(index - 1);
            }
        }
    }

    @Test
    void bucket_ofLongestDuration() {
        assertThat(HistogramBuckets.lowest(HistogramBuckets.OVERFLOW)).isEqualTo(1L << 36);
        assertThat(HistogramBuckets.indexOf(Long.MAX_VALUE)).isEqualTo(HistogramBuckets.OVERFLOW);
        assertThat(HistogramBuckets.indexOf(TimeUnit.SECONDS.toNanos(60))).isLessThan(HistogramBuckets.OVERFLOW);
    }

    @Test
    void quantile_ofMergedNodes_isNearExactQuantile() {
        Random random = new Random(7);
        List<DurationHistogram> nodes = new ArrayList<>();
        List<long[]> all = new ArrayList<>();
        for (int node = 0; node < 100; node++) {
            // nodes differ in speed by a factor of up to 100, and in load
            double typical = 20_000 * Math.pow(100, random.nextDouble());
            long[] durations = random.doubles(50 + random.nextInt(2_000))
                    .mapToLong(share -> (long) (typical * Math.pow(1 / (1 - share), 0.8)))
                    .toArray();
            all.add(durations);
            nodes.add(histogram(durations));
        }
        long[] sorted = all.stream().flatMapToLong(Arrays::stream).sorted().toArray();

        DurationHistogram cluster = DurationHistogram.merge(nodes);

        assertThat(cluster.count()).isEqualTo(sorted.length);
        assertThat(cluster.sum()).isEqualTo(Arrays.stream(sorted).sum());
        assertThat(cluster.max()).isEqualTo(sorted[sorted.length - 1]);
        for (double share : SHARES) {
            long exact = sorted[Math.max(1, (int) Math.ceil(share * sorted.length)) - 1];
            assertThat(cluster.quantile(share)).as("p%s", 100 * share).isCloseTo(exact, within(exact / 100));
        }
    }

    @Test
    void quantile_isAtMostMaximum() {
        DurationHistogram one = histogram(1_000_001);

        for (double share : SHARES) {
            assertThat(one.quantile(share)).isEqualTo(1_000_001);
        }
    }

    @Test
    void quantile_durationsAboveLastBucket() {
        long hour = TimeUnit.HOURS.toNanos(1);
        DurationHistogram histogram = histogram(TimeUnit.MINUTES.toNanos(2), TimeUnit.MINUTES.toNanos(3), hour);

        assertThat(histogram.quantile(0.1)).isEqualTo(hour);
        assertThat(histogram.max()).isEqualTo(hour);
    }

    @Test
    void quantile_ofEmptyHistogram() {
        assertThat(DurationHistogram.EMPTY.quantile(0.99)).isZero();
        assertThat(DurationHistogram.merge(List.of())).isSameAs(DurationHistogram.EMPTY);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
    void quantile_outOfRange_isRejected(double share) {
        assertThatThrownBy(() -> DurationHistogram.EMPTY.quantile(share))
                .hasMessage("quantile: " + share + " (expected: 0 to 1)");
    }

    @Test
    void countUpTo_countsWholeBuckets() {
        DurationHistogram histogram = histogram(100, 1_000, 1_000, 1_000_000);

        assertThat(histogram.countUpTo(0)).isZero();
        assertThat(histogram.countUpTo(500)).isEqualTo(1);
        assertThat(histogram.countUpTo(2_000)).isEqualTo(3);
        assertThat(histogram.countUpTo(Long.MAX_VALUE)).isEqualTo(4);
    }

    @Test
    void merge_saturates() {
        long[] buckets = new long[HistogramBuckets.COUNT];
        buckets[9] = DurationHistogram.MAX_VALUE;
        DurationHistogram full = DurationHistogram.of(buckets, DurationHistogram.MAX_VALUE, 9);

        DurationHistogram merged = full.merge(full);

        assertThat(merged).isEqualTo(full);
        assertThat(merged.encoded().decode()).isEqualTo(full);
    }

    @Test
    void encoded_roundTrips() {
        Random random = new Random(3);
        for (int i = 0; i < 200; i++) {
            long[] durations = random.longs(random.nextInt(3_000), 0, 1L << 1 + random.nextInt(50))
                    .toArray();
            DurationHistogram histogram = histogram(durations);

            assertThat(histogram.encoded().decode()).isEqualTo(histogram).hasSameHashCodeAs(histogram);
        }
    }

    /** The example of core/README.md. */
    @ParameterizedTest
    @CsvSource({"AQ,''", "AfQDkQvqAQESAg,three"})
    void encoded_matchesReadmeExample(String text, String kind) {
        byte[] bytes = Base64.getDecoder().decode(text);

        DurationHistogram histogram = HistogramBytes.read(bytes);

        assertThat(histogram.encoded().bytes()).isEqualTo(bytes);
        assertThat(histogram).isEqualTo(kind.isEmpty() ? DurationHistogram.EMPTY : histogram(425, 500, 500));
    }

    @Test
    void encoded_largestCounts_roundTrip() {
        long[] buckets = new long[HistogramBuckets.COUNT];
        Arrays.fill(buckets, DurationHistogram.MAX_VALUE);
        DurationHistogram full =
                DurationHistogram.of(buckets, DurationHistogram.MAX_VALUE, DurationHistogram.MAX_VALUE);

        assertThat(full.encoded().decode()).isEqualTo(full);
        assertThat(full.encoded().bytes())
                .as("version, maximum, sum, and gap and count of each bucket")
                .hasSize(1 + 8 + 8 + HistogramBuckets.COUNT * (1 + 8));
        assertThat(full.count()).isEqualTo(DurationHistogram.MAX_VALUE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                    | ends after 0 bytes (expected: version)",
                "02                    | version 2 (expected: 1)",
                "01 07                 | ends after 2 bytes (expected: sum)",
                "01 07 07 07           | ends after 4 bytes (expected: count)",
                "01 07 07 07 00        | count 0 of bucket 7 (expected: > 0)",
                "01 07 07 08 01        | max: 7 (expected: a duration of bucket 8, the last one in use)",
                "01 07 07              | max: 7, sum: 7 (expected: 0 of no durations)",
                "01 07 07 C1 0F 01     | bucket 1985 (expected: at most 1984)",
                "01 FFFFFFFFFFFFFF1F 07 07 01 | max at byte 9 is too large (expected: at most 9007199254740991)",
                "01 07 808080808080808001     | sum at byte 10 is too large (expected: at most 9007199254740991)",
                "01 07 07 FFFFFFFFFFFFFF0F 01 | bucket 9007199254740991 (expected: at most 1984)",
            })
    void decode_malformed_isRejected(String hex, String message) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));

        assertThatThrownBy(() -> HistogramBytes.read(bytes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void decode_tooLong_isRejected() {
        assertThatThrownBy(() -> HistogramBytes.read(new byte[100_000]))
                .hasMessageStartingWith("histogram: 100000 bytes (expected: at most ");
    }

    @Test
    void decode_randomBytes_areReadOrRejected() {
        Random random = new Random(11);
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            if (bytes.length > 0) {
                bytes[0] = 1;
            }
            try {
                HistogramBytes.read(bytes);
            } catch (IllegalArgumentException rejected) {
                assertThat(rejected).hasMessageContaining("(expected: ");
            }
        }
    }

    private static DurationHistogram histogram(long... durations) {
        long[] buckets = new long[HistogramBuckets.COUNT];
        for (long nanos : durations) {
            buckets[HistogramBuckets.indexOf(nanos)]++;
        }
        long sum = Math.min(Arrays.stream(durations).sum(), DurationHistogram.MAX_VALUE);
        return DurationHistogram.of(buckets, sum, Arrays.stream(durations).max().orElse(0));
    }
}

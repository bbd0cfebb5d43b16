// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tacho.sketch.DurationHistogram;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.DoubleStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistogramEstimateTest {

    private static final ScrapeForm FORM = new ScrapeForm("an app", "", List.of(), List.of("t"));
    private static final Scrape NOTHING = scrape("");

    /** The default buckets of Prometheus client libraries; on a fast server the first contains half of all durations. */
    private static final double[] BOUNDS = {.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10};

    private static Scrape scrape(String text) {
        return Scrape.parse(Exposition.text(text), FORM);
    }

    private static Scrape scrape(Exposition exposition) {
        return Scrape.parse(exposition, FORM);
    }

    private static DurationHistogram between(Scrape before, Scrape now) {
        return new Increase(before, now).durations("t", labels -> true);
    }

    /** Returns a classic histogram of these durations in seconds. */
    private static String classic(String labels, double... durations) {
        StringBuilder text = new StringBuilder();
        for (double bound : BOUNDS) {
            long count = DoubleStream.of(durations).filter(d -> d <= bound).count();
            text.append("t_bucket{")
                    .append(labels)
                    .append("le=\"")
                    .append(bound)
                    .append("\"} ")
                    .append(count)
                    .append('\n');
        }
        return text.append("t_bucket{%sle=\"+Inf\"} %d%nt_sum{%s} %s%nt_count{%s} %d%n"
                        .formatted(
                                labels,
                                durations.length,
                                labels,
                                DoubleStream.of(durations).sum(),
                                labels,
                                durations.length))
                .toString();
    }

    private static double[] random(int count, DoubleSupplier duration) {
        return DoubleStream.generate(duration).limit(count).toArray();
    }

    @Test
    void singleDuration_isExact() {
        DurationHistogram one = between(NOTHING, scrape(classic("", 0.000_321)));

        assertThat(one.count()).isEqualTo(1);
        assertThat(one.max()).isEqualTo(321_000);
        assertThat(one.quantile(0.5)).isEqualTo(321_000);
    }

    @Test
    void noNewDurations_returnsNull() {
        Scrape before = scrape(classic("", 0.001, 0.002));

        assertThat(between(before, before)).isNull();
        assertThat(between(NOTHING, scrape("t_bucket{le=\"+Inf\"} 7\nt_sum 1\n")))
                .isNull();
    }

    @Test
    void countSumAndBuckets_areExact() {
        DurationHistogram all = between(
                scrape(classic("", 0.001, 0.002)), scrape(classic("", 0.001, 0.002, 0.003, 0.004, 0.02, 0.02, 0.3)));

        assertThat(all.count()).isEqualTo(5);
        assertThat(all.sum()).isEqualTo(347_000_000);
        assertThat(all.countUpTo(5_100_000)).isEqualTo(2);
        assertThat(all.countUpTo(10_000_000)).isEqualTo(2);
        assertThat(all.countUpTo(25_500_000)).isEqualTo(4);
        assertThat(all.max())
                .as("the other two durations are at least 10 ms each")
                .isEqualTo(327_000_000);
    }

    @Test
    void series_areMerged() {
        DurationHistogram all = between(NOTHING, scrape(classic("m=\"a\",", 0.001, 0.003) + classic("m=\"b\",", 0.2)));

        assertThat(all.count()).isEqualTo(3);
        assertThat(all.max()).isEqualTo(200_000_000);
    }

    @Test
    void counterReset_countsFromZero() {
        assertThat(between(scrape(classic("", 0.001, 0.001, 0.2)), scrape(classic("", 0.3)))
                        .max())
                .isEqualTo(300_000_000);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.000_05, 0.000_3, 0.002, 0.02, 0.4})
    void exponentialDurations_quantilesAreCloserThanBucketWidth(double mean) {
        Random random = new Random(7);
        double[] durations = random(20_000, () -> -mean * Math.log(1 - random.nextDouble()));
        DurationHistogram estimate = between(NOTHING, scrape(classic("", durations)));
        Arrays.sort(durations);

        for (double share : new double[] {0.5, 0.9, 0.99}) {
            double exact = durations[(int) (share * durations.length)] * 1e9;
            assertThat((double) estimate.quantile(share))
                    .as("%s", share)
                    .isCloseTo(exact, Percentage.withPercentage(8));
        }
        assertThat(estimate.max()).isGreaterThanOrEqualTo((long) (durations[durations.length - 1] * 1e9));
    }

    @Test
    void bimodalDurations_quantilesAreInCorrectBucket() {
        Random random = new Random(7);
        double[] durations =
                random(10_000, () -> random.nextInt(10) == 0 ? 0.03 + 0.01 * random.nextDouble() : 0.000_2);
        DurationHistogram estimate = between(NOTHING, scrape(classic("", durations)));

        assertThat(estimate.quantile(0.5)).isBetween(0L, 5_000_000L);
        assertThat(estimate.quantile(0.95)).isBetween(25_000_000L, 50_000_000L);
    }

    @Test
    void inconsistentSum_uniformDistributionIsAssumed() {
        String text = classic("", 0.001, 0.002, 0.003).replaceFirst("t_sum\\{} .*", "t_sum{} 9");

        assertThat(between(NOTHING, scrape(text)).quantile(0.5)).isCloseTo(2_500_000L, within(100_000L));
    }

    @Test
    void nativeHistogram_quantilesAreWithinItsBuckets() {
        // buckets (2^-8, 2^-7.875], …: from 3.9 ms, each 9 % wide
        Scrape before = scrape(NativeHistograms.exposition("t", 10, 0.1, -63, 10));
        Scrape now = scrape(NativeHistograms.exposition("t", 121, 1, -64, 1, 110, 10));
        DurationHistogram increase = between(before, now);

        assertThat(increase.count()).isEqualTo(111);
        assertThat((double) increase.quantile(0.5)).isCloseTo(Math.pow(2, -7.9375) * 1e9, Percentage.withPercentage(5));
        assertThat(increase.max()).isEqualTo(Math.round(Math.pow(2, -62 / 8.0) * 1e9));
    }

    @Test
    void nativeHistogram_resolutionReduced() {
        // 16 buckets of 2^(1/8) become 2 of 2: (1/4, 1/2] and (1/2, 1]
        Scrape before =
                scrape(NativeHistograms.ofSchema("t", 3, 16, 9, -15, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1));
        Scrape now = scrape(NativeHistograms.ofSchema("t", 0, 19, 10.1, -1, 10, 9));

        DurationHistogram increase = between(before, now);

        assertThat(increase.count()).isEqualTo(3);
        assertThat(increase.countUpTo(510_000_000)).isEqualTo(2);
    }
}

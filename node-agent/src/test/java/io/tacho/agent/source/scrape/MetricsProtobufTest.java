// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.prometheus.metrics.expositionformats.generated.Metrics;
import io.tacho.agent.source.scrape.Exposition.Format;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class MetricsProtobufTest {

    private static final ScrapeForm FORM = new ScrapeForm("app", "", List.of(), List.of("m"));
    private static final Labels EU = Labels.of(Map.of("zone", "eu"));

    private static byte[] bytes(Metrics.MetricFamily... families) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            for (Metrics.MetricFamily family : families) {
                family.writeDelimitedTo(bytes);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }

    private static Scrape scrape(byte[] bytes) {
        return Scrape.parse(new Exposition(Format.PROTOBUF, bytes), FORM);
    }

    private static Metrics.Metric.Builder eu() {
        return Metrics.Metric.newBuilder()
                .addLabel(Metrics.LabelPair.newBuilder().setName("zone").setValue("eu"));
    }

    private static Metrics.Counter.Builder counter(double value) {
        return Metrics.Counter.newBuilder().setValue(value);
    }

    private static Metrics.MetricFamily family(String name, Metrics.MetricType type, Metrics.Metric.Builder metric) {
        return Metrics.MetricFamily.newBuilder()
                .setName(name)
                .setType(type)
                .addMetric(metric)
                .build();
    }

    private static byte[] histogram(Metrics.Histogram.Builder histogram) {
        return bytes(family("m", Metrics.MetricType.HISTOGRAM, eu().setHistogram(histogram)));
    }

    @Test
    void numbers_ofEachType_haveLabels() {
        Scrape scrape = scrape(bytes(
                family("m_a", Metrics.MetricType.COUNTER, eu().setCounter(counter(7))),
                family(
                        "m_b",
                        Metrics.MetricType.GAUGE,
                        eu().setGauge(Metrics.Gauge.newBuilder().setValue(-1.5))),
                family(
                        "m_c",
                        Metrics.MetricType.UNTYPED,
                        eu().setUntyped(Metrics.Untyped.newBuilder().setValue(3))),
                family(
                        "x",
                        Metrics.MetricType.GAUGE,
                        eu().setGauge(Metrics.Gauge.newBuilder().setValue(9)))));

        assertThat(scrape.own("m_a")).containsExactly(Map.entry(EU, 7.0));
        assertThat(scrape.own("m_b")).containsExactly(Map.entry(EU, -1.5));
        assertThat(scrape.own("m_c")).containsExactly(Map.entry(EU, 3.0));
        assertThat(scrape.has("x")).as("metric that was not requested").isFalse();
    }

    @Test
    void summary_equalsTextFormat() {
        Scrape scrape = scrape(bytes(family(
                "m",
                Metrics.MetricType.SUMMARY,
                eu().setSummary(Metrics.Summary.newBuilder()
                        .setSampleCount(4)
                        .setSampleSum(2.5)
                        .addQuantile(
                                Metrics.Quantile.newBuilder().setQuantile(0.99).setValue(1.25))))));
        Scrape text = Scrape.parse(
                Exposition.text(
                        "m_count{zone=\"eu\"} 4\nm_sum{zone=\"eu\"} 2.5\nm{zone=\"eu\",quantile=\"0.99\"} 1.25"),
                FORM);

        for (String name : List.of("m", "m_count", "m_sum")) {
            assertThat(scrape.own(name)).isEqualTo(text.own(name)).hasSize(1);
        }
    }

    @Test
    void histogram_equalsTextFormat() {
        Scrape scrape = scrape(histogram(Metrics.Histogram.newBuilder()
                .setSampleCount(9)
                .setSampleSum(4)
                .addBucket(Metrics.Bucket.newBuilder().setUpperBound(0.5).setCumulativeCount(6))
                .addBucket(Metrics.Bucket.newBuilder()
                        .setUpperBound(Double.POSITIVE_INFINITY)
                        .setCumulativeCount(9))));

        assertThat(scrape.buckets("m", labels -> true))
                .isEqualTo(Map.of(EU, Map.of(0.5, 6.0, Double.POSITIVE_INFINITY, 9.0)));
        assertThat(scrape.sum("m_count")).isEqualTo(OptionalDouble.of(9));
        assertThat(scrape.sum("m_sum")).isEqualTo(OptionalDouble.of(4));
    }

    @Test
    void nativeHistogram_hasBoundsOfItsSpans() {
        Scrape scrape = scrape(histogram(Metrics.Histogram.newBuilder()
                .setSchema(0)
                .setZeroThreshold(0.001)
                .setZeroCount(4)
                .setSampleCount(10)
                .addPositiveSpan(Metrics.BucketSpan.newBuilder().setOffset(1).setLength(2))
                .addPositiveSpan(Metrics.BucketSpan.newBuilder().setOffset(2).setLength(1))
                .addAllPositiveDelta(Arrays.asList(3L, -1L, -1L))));

        NavigableMap<Double, Double> buckets =
                scrape.buckets("m", labels -> true).get(EU);
        assertThat(buckets)
                .isEqualTo(Map.of(
                        0.001,
                        4.0, // zero bucket
                        1.0,
                        4.0, // lower bound of the first bucket
                        2.0,
                        7.0, // + 3 in (1, 2]
                        4.0,
                        9.0, // + (3 - 1) in (2, 4]
                        16.0,
                        9.0, // gap between the spans
                        32.0,
                        10.0, // + (3 - 1 - 1) in (16, 32]
                        Double.POSITIVE_INFINITY,
                        10.0));
    }

    @Test
    void nativeHistogram_spansLongerThanDeltas_isTruncated() {
        Scrape scrape = scrape(histogram(Metrics.Histogram.newBuilder()
                .setSchema(0)
                .setSampleCount(2)
                .addPositiveSpan(Metrics.BucketSpan.newBuilder().setOffset(0).setLength(1_000_000_000))
                .addPositiveDelta(2)));

        assertThat(scrape.buckets("m", labels -> true).get(EU)).hasSize(4);
    }

    @Test
    void truncatedFamily_isRejected() {
        byte[] first = bytes(family("m_a", Metrics.MetricType.COUNTER, eu().setCounter(counter(7))));
        byte[] all = bytes(
                family("m_a", Metrics.MetricType.COUNTER, eu().setCounter(counter(7))),
                family("m_b", Metrics.MetricType.COUNTER, eu().setCounter(counter(8))));
        assertThat(scrape(all).has("m_b")).isTrue();
        assertThat(scrape(first).has("m_a")).isTrue();
        assertThat(scrape(new byte[0]).has("m_a")).isFalse();

        for (int length = 1; length < all.length; length++) {
            byte[] part = Arrays.copyOf(all, length);
            if (length != first.length) {
                assertThatIllegalArgumentException()
                        .as("%d of %d bytes", length, all.length)
                        .isThrownBy(() -> scrape(part))
                        .withMessageStartingWith("malformed protobuf: ")
                        .withMessageEndingWith("(expected: metrics)");
            }
        }
    }

    @Test
    void invalidFamilyLength_isRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scrape(new byte[] {-1, -1, -1, -1, 15, 0}))
                .withMessage("malformed protobuf: a family of 4294967295 bytes ends after 1 (expected: metrics)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scrape(new byte[] {-1, -1, -1, -1, -1, 0}))
                .withMessage("malformed protobuf: the length of a family does not end (expected: metrics)");
    }
}

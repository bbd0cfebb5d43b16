// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.tacho.agent.source.scrape.Scrape;
import io.tacho.agent.source.scrape.ScrapeForm;
import io.tacho.testing.ManualTicker;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests the series of metrics that are pushed, and their limit. */
class OtlpMetricsTest {

    private static final Duration STALE_AFTER = Duration.ofMinutes(2);
    private static final ScrapeForm FORM =
            new ScrapeForm("app", "", List.of(), List.of("app_sent", "app_clients", "app_times"), Set.of("kind"));

    private final ManualTicker ticker = new ManualTicker();
    private final OtlpMetrics metrics = new OtlpMetrics(FORM, STALE_AFTER, ticker);

    private static NumberDataPoint point(long value, String... attributes) {
        NumberDataPoint.Builder point = NumberDataPoint.newBuilder().setAsInt(value);
        for (int i = 0; i < attributes.length; i += 2) {
            point.addAttributes(attribute(attributes[i], attributes[i + 1]));
        }
        return point.build();
    }

    private static KeyValue attribute(String name, String value) {
        return KeyValue.newBuilder()
                .setKey(name)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }

    private long push(Metric.Builder metric) {
        return metrics.accept(ExportMetricsServiceRequest.newBuilder()
                .addResourceMetrics(ResourceMetrics.newBuilder()
                        .addScopeMetrics(ScopeMetrics.newBuilder().addMetrics(metric)))
                .build());
    }

    private long pushSent(AggregationTemporality temporality, List<NumberDataPoint> points) {
        return push(Metric.newBuilder()
                .setName("app.sent")
                .setSum(Sum.newBuilder()
                        .setIsMonotonic(true)
                        .setAggregationTemporality(temporality)
                        .addAllDataPoints(points)));
    }

    private long pushDeltas(NumberDataPoint... points) {
        return pushSent(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA, Arrays.asList(points));
    }

    private long pushClients(List<NumberDataPoint> points) {
        return push(Metric.newBuilder()
                .setName("app.clients")
                .setGauge(Gauge.newBuilder().addAllDataPoints(points)));
    }

    private static List<NumberDataPoint> full(String prefix) {
        return IntStream.range(0, OtlpTable.MAX_SERIES)
                .mapToObj(i -> point(1, "user", prefix + i))
                .toList();
    }

    private Scrape scrape() {
        return metrics.scrape().join();
    }

    @Test
    void deltas_areAddedUpByTheLabelsOfTheForm() {
        pushDeltas(point(1, "kind", "a", "user", "u1"), point(2, "kind", "a", "user", "u2"), point(4, "kind", "b"));
        pushDeltas(point(8, "kind", "a", "user", "u3"));

        assertThat(scrape().own("app_sent")).hasSize(2);
        assertThat(scrape().sum("app_sent", labels -> "a".equals(labels.get("kind"))))
                .hasValue(11);
        assertThat(scrape().sum("app_sent")).hasValue(15);
    }

    @Test
    void deltas_ofMoreAttributesThanSeries_areAllCounted() {
        assertThat(pushSent(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA, full("a")))
                .isZero();
        assertThat(pushSent(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA, full("b")))
                .isZero();
        assertThat(pushDeltas(point(5, "user", "new"))).isZero();

        assertThat(scrape().sum("app_sent")).hasValue(2.0 * OtlpTable.MAX_SERIES + 5);
        assertThat(scrape().hasAllSeries("app_sent")).isTrue();
    }

    @Test
    void delta_ofTheSameTime_isRepeatedOnlyForTheSameAttributes() {
        NumberDataPoint first =
                point(1, "user", "u1").toBuilder().setTimeUnixNano(7).build();
        NumberDataPoint second =
                point(2, "user", "u2").toBuilder().setTimeUnixNano(7).build();
        pushDeltas(first);
        pushDeltas(second);
        pushDeltas(first, second);

        assertThat(scrape().sum("app_sent")).hasValue(3);
    }

    @Test
    void histogramDeltas_areAddedUpByTheLabelsOfTheForm() {
        for (String user : List.of("u1", "u2")) {
            push(Metric.newBuilder()
                    .setName("app.times")
                    .setHistogram(Histogram.newBuilder()
                            .setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA)
                            .addDataPoints(HistogramDataPoint.newBuilder()
                                    .addAttributes(attribute("user", user))
                                    .setCount(3)
                                    .setSum(0.5)
                                    .addExplicitBounds(0.1)
                                    .addAllBucketCounts(List.of(2L, 1L)))));
        }

        assertThat(scrape().own("app_times_count")).hasSize(1);
        assertThat(scrape().sum("app_times_count")).hasValue(6);
        assertThat(scrape().sum("app_times_sum")).hasValue(1);
        assertThat(scrape().own("app_times_bucket").values()).containsExactlyInAnyOrder(4.0, 6.0);
    }

    @Test
    void gaugesAboveLimit_areRejected_untilOthersAreNoLongerPushed() {
        pushClients(full("u"));
        assertThat(pushClients(List.of(point(1, "user", "new")))).isEqualTo(1);
        assertThat(scrape().hasAllSeries("app_clients")).isFalse();

        ticker.advance(STALE_AFTER.plusSeconds(1));

        assertThat(pushClients(List.of(point(3, "user", "new")))).isZero();
        assertThat(scrape().sum("app_clients")).hasValue(3);
        assertThat(scrape().hasAllSeries("app_clients")).isTrue();
    }

    @Test
    void gaugesThatAreStillPushed_areKept() {
        List<NumberDataPoint> all = full("u");
        pushClients(all);
        ticker.advance(STALE_AFTER);
        pushClients(all.subList(0, 7));
        ticker.advance(Duration.ofSeconds(1));

        pushClients(List.of(point(1, "user", "new")));

        assertThat(scrape().sum("app_clients")).hasValue(8);
    }

    @Test
    void cumulativeSeries_areKept_theirTotalWouldCountAgain() {
        AggregationTemporality cumulative = AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE;
        pushSent(cumulative, full("u"));
        ticker.advance(STALE_AFTER.plusSeconds(1));

        assertThat(pushSent(cumulative, List.of(point(1, "user", "new")))).isEqualTo(1);
        assertThat(scrape().sum("app_sent")).hasValue(OtlpTable.MAX_SERIES);
        assertThat(scrape().hasAllSeries("app_sent")).isFalse();
    }
}

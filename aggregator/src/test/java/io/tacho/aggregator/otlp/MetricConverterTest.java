// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.metrics.data.SummaryPointData;
import io.opentelemetry.sdk.metrics.data.ValueAtQuantile;
import io.opentelemetry.sdk.resources.Resource;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.NativeHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Unit;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class MetricConverterTest {

    private static final Instant START = Instant.ofEpochSecond(1_000);
    private static final Instant NOW = Instant.ofEpochSecond(1_060);

    private static List<MetricData> convert(MetricSnapshot... snapshots) {
        return new MetricConverter(Resource.empty(), START).convert(new MetricSnapshots(snapshots), NOW);
    }

    private static GaugeSnapshot gauge(String name, Unit unit, double value) {
        return new GaugeSnapshot(
                new MetricMetadata(name, "Help.", unit),
                List.of(new GaugeDataPointSnapshot(value, Labels.of("state", "live"), null)));
    }

    @Test
    void gauge_hasUnitTimeAndAttributes() {
        MetricData gauge =
                convert(gauge("tacho_cluster_memory_sys_bytes", Unit.BYTES, 7)).get(0);

        assertThat(gauge.getName()).isEqualTo("tacho.cluster.memory_sys");
        assertThat(gauge.getUnit()).isEqualTo("By");
        assertThat(gauge.getDescription()).isEqualTo("Help.");
        assertThat(gauge.getType()).isEqualTo(MetricDataType.DOUBLE_GAUGE);
        DoublePointData point =
                gauge.getDoubleGaugeData().getPoints().iterator().next();
        assertThat(point.getValue()).isEqualTo(7);
        assertThat(point.getEpochNanos()).isEqualTo(1_060_000_000_000L);
        assertThat(point.getAttributes()).hasToString("{state=\"live\"}");
    }

    @Test
    void units_followOpenTelemetry() {
        assertThat(convert(
                        gauge("tacho_cluster_a_seconds", Unit.SECONDS, 1),
                        gauge("tacho_cluster_b_ratio", Unit.RATIO, 1),
                        gauge("process_c", null, 1)))
                .extracting(metric -> metric.getName() + " " + metric.getUnit())
                .containsExactly("process_c ", "tacho.cluster.a s", "tacho.cluster.b 1");
    }

    @Test
    void nan_isOmitted() {
        assertThat(convert(gauge("a", null, Double.NaN))).isEmpty();
    }

    @Test
    void counter_isACumulativeMonotonicSum() {
        MetricData sum = convert(CounterSnapshot.builder()
                        .name("tacho_cluster_node_changes")
                        .dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                                .value(3)
                                .build())
                        .build())
                .get(0);

        assertThat(sum.getName()).isEqualTo("tacho.cluster.node_changes");
        assertThat(sum.getDoubleSumData().isMonotonic()).isTrue();
        assertThat(sum.getDoubleSumData().getAggregationTemporality()).hasToString("CUMULATIVE");
        assertThat(sum.getDoubleSumData().getPoints().iterator().next().getStartEpochNanos())
                .isEqualTo(1_000_000_000_000L);
    }

    @Test
    void nativeHistogram_isExponentialWithTheSameBounds() {
        HistogramSnapshot snapshot = new HistogramSnapshot(
                new MetricMetadata("tacho_cluster_api_request_duration_seconds", "Help.", Unit.SECONDS),
                List.of(new HistogramDataPointSnapshot(
                        ClassicHistogramBuckets.EMPTY,
                        3,
                        2,
                        1e-9,
                        NativeHistogramBuckets.of(new int[] {-4, -1, 2}, new long[] {5, 1, 2}),
                        NativeHistogramBuckets.EMPTY,
                        4.5,
                        Labels.EMPTY,
                        Exemplars.EMPTY,
                        0)));

        MetricData metric = convert(snapshot).get(0);
        ExponentialHistogramPointData point =
                metric.getExponentialHistogramData().getPoints().iterator().next();
        assertThat(point.getScale()).isEqualTo(3);
        assertThat(point.getZeroCount()).isEqualTo(2);
        assertThat(point.getCount()).isEqualTo(10);
        assertThat(point.getSum()).isEqualTo(4.5);
        assertThat(point.getPositiveBuckets().getOffset()).isEqualTo(-5);
        assertThat(point.getPositiveBuckets().getBucketCounts()).containsExactly(5L, 0L, 0L, 1L, 0L, 0L, 2L);
        // the last bucket ends at base^2 in both models
        int last = point.getPositiveBuckets().getOffset() + 6;
        assertThat(Math.pow(2, (last + 1) / 8.0)).isCloseTo(Math.pow(2, 2 / 8.0), within(1e-12));
    }

    @Test
    void summaryWithQuantilesOnly_hasNoCount() {
        SummarySnapshot summary = SummarySnapshot.builder()
                .name("tacho_cluster_window_time_api")
                .dataPoint(SummaryDataPointSnapshot.builder()
                        .quantiles(Quantiles.of(new Quantile(0.5, 0.02), new Quantile(0.99, 0.4)))
                        .build())
                .build();

        SummaryPointData point =
                convert(summary).get(0).getSummaryData().getPoints().iterator().next();

        assertThat(point.getCount()).isZero();
        assertThat(point.getSum()).isZero();
        assertThat(point.getValues())
                .extracting(ValueAtQuantile::getQuantile, ValueAtQuantile::getValue)
                .containsExactly(tuple(0.5, 0.02), tuple(0.99, 0.4));
    }

    @Test
    void classicHistogram_isOmitted_summaryHasCountAndSum() {
        HistogramSnapshot classic = HistogramSnapshot.builder()
                .name("a")
                .dataPoint(HistogramDataPointSnapshot.builder()
                        .classicHistogramBuckets(ClassicHistogramBuckets.of(
                                new double[] {1, Double.POSITIVE_INFINITY}, new long[] {1, 1}))
                        .build())
                .build();
        SummarySnapshot summary = new SummarySnapshot(
                new MetricMetadata("b"),
                List.of(new SummaryDataPointSnapshot(2, 0.5, Quantiles.EMPTY, Labels.EMPTY, Exemplars.EMPTY, 0)));
        InfoSnapshot info = InfoSnapshot.builder()
                .name("c")
                .dataPoint(InfoSnapshot.InfoDataPointSnapshot.builder().build())
                .build();

        List<MetricData> metrics = convert(classic, summary, info);
        assertThat(metrics).extracting(MetricData::getName).containsExactly("b");
        assertThat(metrics.get(0).getSummaryData().getPoints().iterator().next().getSum())
                .isEqualTo(0.5);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.otlp;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.Data;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramBuckets;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramData;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramPointData;
import io.opentelemetry.sdk.metrics.data.GaugeData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.metrics.data.SumData;
import io.opentelemetry.sdk.metrics.data.SummaryData;
import io.opentelemetry.sdk.metrics.data.SummaryPointData;
import io.opentelemetry.sdk.metrics.data.ValueAtQuantile;
import io.opentelemetry.sdk.resources.Resource;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.NativeHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.Unit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Converts metrics of Prometheus' model to OpenTelemetry's. A receiver that adds units and {@code _total} to the names, as Prometheus
 * does, restores the names of {@code /metrics}.
 *
 * <p>A native histogram has the same buckets as an exponential one: the upper bound of bucket {@code i} is the base to the power of
 * {@code i}, of OpenTelemetry's the base to the power of {@code i + 1}.
 */
final class MetricConverter {

    private final Resource resource;
    private final long startNanos;

    /** @param start since when counters have been counted */
    MetricConverter(Resource resource, Instant start) {
        this.resource = resource;
        startNanos = nanos(start);
    }

    private static long nanos(Instant time) {
        return TimeUnit.MILLISECONDS.toNanos(time.toEpochMilli());
    }

    /** Returns all metrics with the values that they have at a time. */
    List<MetricData> convert(MetricSnapshots snapshots, Instant now) {
        List<MetricData> metrics = new ArrayList<>();
        for (MetricSnapshot snapshot : snapshots) {
            MetricData metric = convert(snapshot, nanos(now));
            if (metric != null && !metric.getData().getPoints().isEmpty()) {
                metrics.add(metric);
            }
        }
        return metrics;
    }

    private @Nullable MetricData convert(MetricSnapshot snapshot, long now) {
        MetricMetadata metadata = snapshot.getMetadata();
        if (snapshot instanceof GaugeSnapshot gauge) {
            return metric(
                    metadata,
                    MetricDataType.DOUBLE_GAUGE,
                    GaugeData.createDoubleGaugeData(
                            numbers(gauge.getDataPoints(), GaugeDataPointSnapshot::getValue, now)));
        }
        if (snapshot instanceof CounterSnapshot counter) {
            return metric(
                    metadata,
                    MetricDataType.DOUBLE_SUM,
                    SumData.createDoubleSumData(
                            true,
                            AggregationTemporality.CUMULATIVE,
                            numbers(counter.getDataPoints(), CounterDataPointSnapshot::getValue, now)));
        }
        if (snapshot instanceof HistogramSnapshot histogram) {
            return metric(
                    metadata,
                    MetricDataType.EXPONENTIAL_HISTOGRAM,
                    ExponentialHistogramData.create(
                            AggregationTemporality.CUMULATIVE,
                            histogram.getDataPoints().stream()
                                    .filter(HistogramDataPointSnapshot::hasNativeHistogramData)
                                    .map(point -> exponential(point, now))
                                    .toList()));
        }
        if (snapshot instanceof SummarySnapshot summary) {
            return metric(
                    metadata,
                    MetricDataType.SUMMARY,
                    SummaryData.create(summary.getDataPoints().stream()
                            .map(point -> SummaryPointData.create(
                                    startNanos,
                                    now,
                                    attributes(point.getLabels()),
                                    point.hasCount() ? point.getCount() : 0,
                                    point.hasSum() ? point.getSum() : 0,
                                    quantiles(point.getQuantiles())))
                            .toList()));
        }
        return null;
    }

    private MetricData metric(MetricMetadata metadata, MetricDataType type, Data<?> data) {
        Unit unit = metadata.getUnit();
        String name = metadata.getName();
        if (unit != null && name.endsWith("_" + unit)) {
            name = name.substring(0, name.length() - unit.toString().length() - 1);
        }
        String help = metadata.getHelp();
        return new ConvertedMetric(
                resource,
                name.replaceFirst("^tacho_(cluster|aggregator|alerts)_", "tacho.$1."),
                help == null ? "" : help,
                unit == null ? "" : symbol(unit),
                type,
                data);
    }

    private static String symbol(Unit unit) {
        return switch (unit.toString()) {
            case "seconds" -> "s";
            case "bytes" -> "By";
            case "ratio" -> "1";
            default -> unit.toString();
        };
    }

    private <S extends DataPointSnapshot> List<DoublePointData> numbers(
            List<S> snapshots, ToDoubleFunction<S> value, long now) {
        return snapshots.stream()
                .filter(point -> !Double.isNaN(value.applyAsDouble(point)))
                .map(point -> DoublePointData.create(
                        startNanos, now, attributes(point.getLabels()), value.applyAsDouble(point), List.of()))
                .toList();
    }

    /** A quantile of a summary. */
    private record QuantileValue(double getQuantile, double getValue) implements ValueAtQuantile {}

    private static List<ValueAtQuantile> quantiles(Quantiles quantiles) {
        List<ValueAtQuantile> values = new ArrayList<>();
        quantiles.forEach(quantile -> values.add(new QuantileValue(quantile.getQuantile(), quantile.getValue())));
        return values;
    }

    private ExponentialHistogramPointData exponential(HistogramDataPointSnapshot point, long now) {
        int scale = point.getNativeSchema();
        return ExponentialHistogramPointData.create(
                scale,
                point.getSum(),
                point.getNativeZeroCount(),
                false,
                0,
                false,
                0,
                buckets(scale, point.getNativeBucketsForPositiveValues()),
                buckets(scale, point.getNativeBucketsForNegativeValues()),
                startNanos,
                now,
                attributes(point.getLabels()),
                List.of());
    }

    private static ExponentialHistogramBuckets buckets(int scale, NativeHistogramBuckets sparse) {
        if (sparse.size() == 0) {
            return ExponentialHistogramBuckets.create(scale, 0, List.of());
        }
        int first = sparse.getBucketIndex(0);
        int last = sparse.getBucketIndex(sparse.size() - 1);
        Long[] counts = new Long[last - first + 1];
        Arrays.fill(counts, 0L);
        for (int i = 0; i < sparse.size(); i++) {
            counts[sparse.getBucketIndex(i) - first] = sparse.getCount(i);
        }
        return ExponentialHistogramBuckets.create(scale, first - 1, List.of(counts));
    }

    private static Attributes attributes(Labels labels) {
        AttributesBuilder attributes = Attributes.builder();
        labels.forEach(label -> attributes.put(label.getName(), label.getValue()));
        return attributes.build();
    }
}

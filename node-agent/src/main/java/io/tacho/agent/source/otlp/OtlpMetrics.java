// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.otlp;

import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;
import io.opentelemetry.proto.resource.v1.Resource;
import io.tacho.agent.source.scrape.Labels;
import io.tacho.agent.source.scrape.MetricsReader;
import io.tacho.agent.source.scrape.Scrape;
import io.tacho.agent.source.scrape.ScrapeForm;
import io.tacho.units.Durations;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The last values of one process that pushes. Names and labels have underscores for all characters that a mapping cannot contain:
 * {@code http.server.request.duration} is {@code http_server_request_duration}, without units.
 *
 * <p>A request of another resource, or with a later start and a lower total, is of another process: the values of the previous one are
 * discarded.
 *
 * <p>Thread safety: safe.
 */
final class OtlpMetrics implements MetricsReader {

    /** The largest number of series of the mapped metrics. */
    static final int MAX_SERIES = 10_000;

    private static final int MAX_BUCKETS = 1_000;
    private static final Pattern NO_NAME = Pattern.compile("[^a-zA-Z0-9_:]");
    private static final double NANOS = 1e9;
    private static final long RESTART_NANOS = 5_000_000_000L;

    private record Key(String name, Map<String, String> labels) {}

    private final ScrapeForm form;
    private final Duration staleAfter;
    private final LongSupplier nanoTime;
    private final Map<Key, OtlpSeries> series = new HashMap<>();
    private final Map<Key, Long> starts = new HashMap<>();
    private @Nullable Resource resource;
    private double startedSeconds;
    /** The scope of the metrics that are being accepted: each has deltas of its own. */
    private long pushes;

    private String scope = "";

    private boolean hasStart;
    private boolean hasAny;
    private long acceptedNanos;

    /**
     * Creates metrics without values.
     *
     * @param form the metrics that are kept
     * @param staleAfter the time without a push after which there are no current metrics
     */
    OtlpMetrics(ScrapeForm form, Duration staleAfter, LongSupplier nanoTime) {
        this.form = form;
        this.staleAfter = staleAfter;
        this.nanoTime = nanoTime;
    }

    /** Accepts a request, and returns how many data points were rejected because there are too many series. */
    synchronized long accept(ExportMetricsServiceRequest request) {
        long rejected = 0;
        pushes++;
        for (ResourceMetrics metrics : request.getResourceMetricsList()) {
            if (!metrics.getResource().equals(resource)) {
                forget();
                resource = metrics.getResource();
            }
            for (ScopeMetrics ofScope : metrics.getScopeMetricsList()) {
                scope = ofScope.getScope().getName();
                for (Metric metric : ofScope.getMetricsList()) {
                    String name = name(metric.getName());
                    rejected += form.wants(name) ? add(name, metric) : 0;
                }
            }
        }
        hasAny = true;
        acceptedNanos = nanoTime.getAsLong();
        return rejected;
    }

    private void forget() {
        series.clear();
        starts.clear();
        hasStart = false;
    }

    private static String name(String name) {
        return NO_NAME.matcher(name).replaceAll("_");
    }

    private long add(String name, Metric metric) {
        int withoutMeaning = OtlpPoints.withoutTemporality(metric);
        if (withoutMeaning > 0) {
            return withoutMeaning;
        }
        return switch (metric.getDataCase()) {
            case GAUGE -> addNumbers(name, metric.getGauge().getDataPointsList(), false, false);
            case SUM ->
                addNumbers(
                        name,
                        metric.getSum().getDataPointsList(),
                        OtlpPoints.isDelta(metric.getSum().getAggregationTemporality()),
                        metric.getSum().getIsMonotonic());
            case HISTOGRAM ->
                addHistograms(
                        name,
                        metric.getHistogram().getDataPointsList(),
                        OtlpPoints.isDelta(metric.getHistogram().getAggregationTemporality()));
            case EXPONENTIAL_HISTOGRAM ->
                addExponential(
                        name,
                        metric.getExponentialHistogram().getDataPointsList(),
                        OtlpPoints.isDelta(metric.getExponentialHistogram().getAggregationTemporality()));
            case SUMMARY -> addSummaries(name, metric.getSummary().getDataPointsList());
            case DATA_NOT_SET -> 0;
        };
    }

    private long addNumbers(String name, List<NumberDataPoint> points, boolean isDelta, boolean isMonotonic) {
        long rejected = 0;
        for (NumberDataPoint point : points) {
            double value = point.hasAsInt() ? (double) point.getAsInt() : point.getAsDouble();
            boolean isTotal = isMonotonic && !isDelta;
            OtlpSeries of = isDelta && !Double.isFinite(value)
                    ? null
                    : find(name, point.getAttributesList(), point.getStartTimeUnixNano(), isTotal, value);
            if (of == null) {
                rejected++;
            } else if (!isDelta || of.isNew(point.getTimeUnixNano(), scope, pushes)) {
                of.setNumber(value, isDelta);
            }
        }
        return rejected;
    }

    private long addHistograms(String name, List<HistogramDataPoint> points, boolean isDelta) {
        long rejected = 0;
        for (HistogramDataPoint point : points) {
            int bounds = point.getExplicitBoundsCount();
            OtlpSeries of = !OtlpPoints.isValid(point)
                            || bounds > MAX_BUCKETS
                            || (point.getBucketCountsCount() > 0 && point.getBucketCountsCount() != bounds + 1)
                    ? null
                    : find(name, point.getAttributesList(), point.getStartTimeUnixNano(), !isDelta, point.getSum());
            if (of == null) {
                rejected++;
                continue;
            }
            if (isDelta && !of.isNew(point.getTimeUnixNano(), scope, pushes)) {
                continue;
            }
            NavigableMap<Double, Double> buckets = new TreeMap<>();
            for (int i = 0; i < point.getBucketCountsCount(); i++) {
                double bound = i < bounds ? point.getExplicitBounds(i) : Double.POSITIVE_INFINITY;
                buckets.merge(bound, (double) point.getBucketCounts(i), Double::sum);
            }
            of.setHistogram((double) point.getCount(), point.getSum(), buckets, false, isDelta);
        }
        return rejected;
    }

    private long addExponential(String name, List<ExponentialHistogramDataPoint> points, boolean isDelta) {
        long rejected = 0;
        for (ExponentialHistogramDataPoint point : points) {
            OtlpSeries of = !OtlpPoints.isValid(point) || point.getPositive().getBucketCountsCount() > MAX_BUCKETS
                    ? null
                    : find(name, point.getAttributesList(), point.getStartTimeUnixNano(), !isDelta, point.getSum());
            if (of == null) {
                rejected++;
                continue;
            }
            if (isDelta && !of.isNew(point.getTimeUnixNano(), scope, pushes)) {
                continue;
            }
            double octaves = Math.pow(2, -point.getScale());
            int offset = point.getPositive().getOffset();
            NavigableMap<Double, Double> buckets = new TreeMap<>();
            buckets.put(point.getZeroThreshold(), (double) point.getZeroCount());
            // what is below the first bucket is not in it
            buckets.putIfAbsent(Math.pow(2, offset * octaves), 0.0);
            for (int i = 0; i < point.getPositive().getBucketCountsCount(); i++) {
                buckets.merge(
                        Math.pow(2, (offset + i + 1) * octaves),
                        (double) point.getPositive().getBucketCounts(i),
                        Double::sum);
            }
            of.setHistogram((double) point.getCount(), point.getSum(), buckets, true, isDelta);
        }
        return rejected;
    }

    private long addSummaries(String name, List<SummaryDataPoint> points) {
        long rejected = 0;
        for (SummaryDataPoint point : points) {
            OtlpSeries of = find(name, point.getAttributesList(), point.getStartTimeUnixNano(), true, point.getSum());
            if (of == null) {
                rejected++;
            } else {
                of.setHistogram((double) point.getCount(), point.getSum(), new TreeMap<>(), false, false);
            }
        }
        return rejected;
    }

    /**
     * Returns the series of a data point; null if there are too many.
     *
     * @param start of the data point, UNIX nanoseconds; 0 if it is unknown
     * @param isTotal whether the value only decreases by a restart
     */
    private @Nullable OtlpSeries find(
            String name, List<KeyValue> attributes, long start, boolean isTotal, double value) {
        Map<String, String> labels = new TreeMap<>();
        attributes.forEach(attribute -> labels.put(name(attribute.getKey()), text(attribute.getValue())));
        Key key = new Key(name, labels);
        OtlpSeries known = series.get(key);
        if (isTotal
                && known != null
                && start - starts.getOrDefault(key, start) > RESTART_NANOS
                && value < known.value()) {
            forget();
            known = null;
        }
        if (known == null) {
            if (series.size() >= MAX_SERIES) {
                return null;
            }
            known = new OtlpSeries();
            series.put(key, known);
            starts.put(key, start);
        }
        if (!hasStart && start > 0) {
            hasStart = true;
            startedSeconds = start / NANOS;
        }
        return known;
    }

    private static String text(AnyValue value) {
        return switch (value.getValueCase()) {
            case STRING_VALUE -> value.getStringValue();
            case INT_VALUE -> Long.toString(value.getIntValue());
            case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
            case DOUBLE_VALUE -> Double.toString(value.getDoubleValue());
            default -> "";
        };
    }

    @Override
    public synchronized CompletableFuture<Scrape> scrape() {
        long age = nanoTime.getAsLong() - acceptedNanos;
        if (!hasAny || age > staleAfter.toNanos()) {
            return CompletableFuture.failedFuture(new IllegalStateException(
                    hasAny ? "nothing pushed for " + Durations.format(staleAfter) : "nothing pushed yet"));
        }
        Scrape.Builder scrape = Scrape.builder(form);
        series.forEach((key, of) -> of.write(scrape, key.name(), key.labels()));
        if (hasStart) {
            scrape.add("process_start_time_seconds", Labels.of(Map.of()), startedSeconds);
        }
        return CompletableFuture.completedFuture(scrape.build());
    }
}

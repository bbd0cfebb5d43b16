// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.otlp;

import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;
import io.opentelemetry.proto.resource.v1.Resource;
import io.tacho.agent.source.scrape.MetricsReader;
import io.tacho.agent.source.scrape.Scrape;
import io.tacho.agent.source.scrape.ScrapeForm;
import io.tacho.units.Durations;
import java.time.Duration;
import java.util.List;
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

    private static final int MAX_BUCKETS = 1_000;
    private static final Pattern NO_NAME = Pattern.compile("[^a-zA-Z0-9_:]");

    private final ScrapeForm form;
    private final Duration staleAfter;
    private final LongSupplier nanoTime;
    private final OtlpTable table;
    private @Nullable Resource resource;
    private long pushes;

    /** The scope of the metrics that are being accepted: each has deltas of its own. */
    private String scope = "";

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
        table = new OtlpTable(form, staleAfter, nanoTime);
    }

    /** Accepts a request, and returns how many data points were rejected because there are too many series. */
    synchronized long accept(ExportMetricsServiceRequest request) {
        long rejected = 0;
        pushes++;
        for (ResourceMetrics metrics : request.getResourceMetricsList()) {
            if (!metrics.getResource().equals(resource)) {
                table.clear();
                resource = metrics.getResource();
            }
            for (ScopeMetrics ofScope : metrics.getScopeMetricsList()) {
                scope = ofScope.getScope().getName();
                for (Metric metric : ofScope.getMetricsList()) {
                    String name = name(metric.getName());
                    long ofMetric = form.wants(name) ? add(name, metric) : 0;
                    if (ofMetric > 0) {
                        table.reject(name);
                    }
                    rejected += ofMetric;
                }
            }
        }
        hasAny = true;
        acceptedNanos = nanoTime.getAsLong();
        return rejected;
    }

    static String name(String name) {
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
            List<KeyValue> attributes = point.getAttributesList();
            if (isDelta && isRepeated(name, attributes, point.getTimeUnixNano())) {
                continue;
            }
            long start = point.getStartTimeUnixNano();
            OtlpSeries of = isDelta
                    ? Double.isFinite(value) ? table.ofDelta(name, attributes, start) : null
                    : isMonotonic
                            ? table.ofTotal(name, attributes, start, value)
                            : table.ofGauge(name, attributes, start);
            if (of == null) {
                rejected++;
            } else {
                of.setNumber(value, isDelta);
            }
        }
        return rejected;
    }

    private long addHistograms(String name, List<HistogramDataPoint> points, boolean isDelta) {
        long rejected = 0;
        for (HistogramDataPoint point : points) {
            if (isDelta && isRepeated(name, point.getAttributesList(), point.getTimeUnixNano())) {
                continue;
            }
            int bounds = point.getExplicitBoundsCount();
            OtlpSeries of = !OtlpPoints.isValid(point)
                            || bounds > MAX_BUCKETS
                            || (point.getBucketCountsCount() > 0 && point.getBucketCountsCount() != bounds + 1)
                    ? null
                    : find(name, point.getAttributesList(), point.getStartTimeUnixNano(), isDelta, point.getSum());
            if (of == null) {
                rejected++;
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
            if (isDelta && isRepeated(name, point.getAttributesList(), point.getTimeUnixNano())) {
                continue;
            }
            OtlpSeries of = !OtlpPoints.isValid(point) || point.getPositive().getBucketCountsCount() > MAX_BUCKETS
                    ? null
                    : find(name, point.getAttributesList(), point.getStartTimeUnixNano(), isDelta, point.getSum());
            if (of == null) {
                rejected++;
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
            OtlpSeries of = find(name, point.getAttributesList(), point.getStartTimeUnixNano(), false, point.getSum());
            if (of == null) {
                rejected++;
            } else {
                of.setHistogram((double) point.getCount(), point.getSum(), new TreeMap<>(), false, false);
            }
        }
        return rejected;
    }

    private boolean isRepeated(String name, List<KeyValue> attributes, long time) {
        return !table.isNew(name, attributes, time, scope, pushes);
    }

    private @Nullable OtlpSeries find(String name, List<KeyValue> attributes, long start, boolean isDelta, double sum) {
        return isDelta ? table.ofDelta(name, attributes, start) : table.ofTotal(name, attributes, start, sum);
    }

    @Override
    public synchronized CompletableFuture<Scrape> scrape() {
        long age = nanoTime.getAsLong() - acceptedNanos;
        if (!hasAny || age > staleAfter.toNanos()) {
            return CompletableFuture.failedFuture(new IllegalStateException(
                    hasAny ? "nothing pushed for " + Durations.format(staleAfter) : "nothing pushed yet"));
        }
        Scrape.Builder scrape = Scrape.builder(form);
        table.write(scrape);
        return CompletableFuture.completedFuture(scrape.build());
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.scrape;

import io.prometheus.metrics.expositionformats.generated.Metrics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Parses Prometheus' protobuf format: delimited {@code MetricFamily} messages. The samples are those of the text format, and
 * native histograms in addition. Its library is optional: the program has it, an embedded agent does not need it.
 */
@SuppressWarnings("NonCanonicalType") // the canonical names contain the version of the library
final class MetricsProtobuf {

    private MetricsProtobuf() {}

    /** {@return whether the library is on the class path} */
    static boolean isAvailable() {
        try {
            Class.forName(
                    "io.prometheus.metrics.expositionformats.generated.Metrics",
                    false,
                    MetricsProtobuf.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    /** @throws IllegalArgumentException if the bytes are not of this format */
    static void parse(byte[] bytes, Scrape.Builder scrape) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            while (in.hasRemaining()) {
                Metrics.MetricFamily family = Metrics.MetricFamily.parseFrom(next(in));
                if (scrape.wants(family.getName())) {
                    for (Metrics.Metric metric : family.getMetricList()) {
                        add(scrape, family, metric);
                    }
                }
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("malformed protobuf: " + e.getMessage() + " (expected: metrics)", e);
        }
    }

    /** Returns the bytes of the next message. The library would accept a last message that ends between two of its fields. */
    private static ByteBuffer next(ByteBuffer in) throws IOException {
        long length = 0;
        for (int shift = 0; shift < Integer.SIZE && in.hasRemaining(); shift += 7) {
            byte bits = in.get();
            length |= (bits & 0x7FL) << shift;
            if (bits >= 0) {
                if (length > in.remaining()) {
                    throw new IOException("a family of " + length + " bytes ends after " + in.remaining());
                }
                ByteBuffer message = in.slice(in.position(), (int) length);
                in.position(in.position() + (int) length);
                return message;
            }
        }
        throw new IOException("the length of a family does not end");
    }

    private static void add(Scrape.Builder scrape, Metrics.MetricFamily family, Metrics.Metric metric) {
        String name = family.getName();
        Map<String, String> labels = new HashMap<>();
        metric.getLabelList().forEach(label -> labels.put(label.getName(), label.getValue()));
        Labels series = Labels.of(labels);
        switch (family.getType()) {
            case COUNTER -> scrape.add(name, series, metric.getCounter().getValue());
            case GAUGE -> scrape.add(name, series, metric.getGauge().getValue());
            case UNTYPED -> scrape.add(name, series, metric.getUntyped().getValue());
            case SUMMARY -> add(scrape, name, labels, metric.getSummary());
            case HISTOGRAM, GAUGE_HISTOGRAM -> add(scrape, name, labels, metric.getHistogram());
        }
    }

    private static void add(Scrape.Builder scrape, String name, Map<String, String> labels, Metrics.Summary summary) {
        scrape.add(name + "_count", Labels.of(labels), (double) summary.getSampleCount());
        scrape.add(name + "_sum", Labels.of(labels), summary.getSampleSum());
        for (Metrics.Quantile quantile : summary.getQuantileList()) {
            scrape.add(name, with(labels, "quantile", number(quantile.getQuantile())), quantile.getValue());
        }
    }

    private static void add(
            Scrape.Builder scrape, String name, Map<String, String> labels, Metrics.Histogram histogram) {
        Labels series = Labels.of(labels);
        scrape.add(name + "_count", series, (double) histogram.getSampleCount());
        scrape.add(name + "_sum", series, histogram.getSampleSum());
        for (Metrics.Bucket bucket : histogram.getBucketList()) {
            scrape.add(name + "_bucket", with(labels, "le", number(bucket.getUpperBound())), (double)
                    bucket.getCumulativeCount());
        }
        if (histogram.getPositiveSpanCount() > 0 || histogram.getZeroCount() > 0) {
            scrape.addNative(name, series, cumulative(histogram));
        }
    }

    /** Returns the cumulative counts of the bounds of all buckets in use: the bounds are powers of 2^(2^-schema). */
    private static NavigableMap<Double, Double> cumulative(Metrics.Histogram histogram) {
        NavigableMap<Double, Double> cumulative = new TreeMap<>();
        double count = histogram.getZeroCount();
        cumulative.put(histogram.getZeroThreshold(), count);
        int index = 0;
        int next = 0;
        long inBucket = 0;
        for (Metrics.BucketSpan span : histogram.getPositiveSpanList()) {
            index += span.getOffset();
            for (int i = 0; i < span.getLength() && next < histogram.getPositiveDeltaCount(); i++) {
                inBucket += histogram.getPositiveDelta(next++);
                cumulative.putIfAbsent(bound(histogram, index - 1), count);
                count += inBucket;
                cumulative.put(bound(histogram, index), count);
                index++;
            }
        }
        cumulative.put(Double.POSITIVE_INFINITY, (double) histogram.getSampleCount());
        return cumulative;
    }

    private static double bound(Metrics.Histogram histogram, int index) {
        return Math.pow(2, index * Math.pow(2, -histogram.getSchema()));
    }

    private static Labels with(Map<String, String> labels, String name, String value) {
        Map<String, String> more = new HashMap<>(labels);
        more.put(name, value);
        return Labels.of(more);
    }

    /** Returns a bound or quantile as the text format has it. */
    private static String number(double value) {
        return value == Double.POSITIVE_INFINITY ? "+Inf" : Double.toString(value);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.scrape;

import io.prometheus.metrics.expositionformats.generated.Metrics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Native histograms in the protobuf format. */
final class NativeHistograms {

    private NativeHistograms() {}

    /**
     * Returns a page with one histogram of schema 3: bounds are powers of 2^(1/8).
     *
     * @param first index of the first bucket
     * @param buckets the counts of consecutive buckets
     */
    static Exposition exposition(String name, long count, double sum, int first, long... buckets) {
        return ofSchema(name, 3, count, sum, first, buckets);
    }

    static Exposition ofSchema(String name, int schema, long count, double sum, int first, long... buckets) {
        Metrics.Histogram.Builder histogram = Metrics.Histogram.newBuilder()
                .setSchema(schema)
                .setSampleCount(count)
                .setSampleSum(sum)
                .setZeroThreshold(1e-38)
                .addPositiveSpan(
                        Metrics.BucketSpan.newBuilder().setOffset(first).setLength(buckets.length));
        long last = 0;
        for (long bucket : buckets) {
            histogram.addPositiveDelta(bucket - last);
            last = bucket;
        }
        Metrics.MetricFamily family = Metrics.MetricFamily.newBuilder()
                .setName(name)
                .setType(Metrics.MetricType.HISTOGRAM)
                .addMetric(Metrics.Metric.newBuilder().setHistogram(histogram))
                .build();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            family.writeDelimitedTo(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Exposition(Exposition.Format.PROTOBUF, bytes.toByteArray());
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.tacho.aggregator.api.PacedAnswer;
import io.tacho.aggregator.collect.Collector;
import io.tacho.aggregator.events.EventMetrics;
import io.tacho.aggregator.view.ClusterView;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * What Prometheus scrapes, in its own text format or in OpenMetrics.
 *
 * <p>Thread safety: safe.
 */
public final class MetricsPage {

    /** One of the two formats. */
    public enum Format {
        PROMETHEUS,
        OPEN_METRICS;

        private static final ExpositionFormatWriter PROMETHEUS_WRITER = PrometheusTextFormatWriter.create();
        private static final ExpositionFormatWriter OPEN_METRICS_WRITER = OpenMetricsTextFormatWriter.create();

        /** What the reader wants: OpenMetrics if it says that it takes it. */
        public static Format of(String accept) {
            return OPEN_METRICS_WRITER.accepts(accept) ? OPEN_METRICS : PROMETHEUS;
        }

        public String contentType() {
            return writer().getContentType();
        }

        private ExpositionFormatWriter writer() {
            return this == OPEN_METRICS ? OPEN_METRICS_WRITER : PROMETHEUS_WRITER;
        }
    }

    private static final int BYTES_PER_NODE = 3_000;

    private final ClusterView view;
    private final AggregatorMetrics aggregator;
    private final LongSupplier nanoTime;
    private final PacedAnswer<byte[]> prometheus;
    private final PacedAnswer<byte[]> openMetrics;

    /**
     * The page of an aggregator.
     *
     * @param executor where the pages are made
     * @param nanoTime the view's monotonic clock
     */
    public MetricsPage(
            ClusterView view,
            Collector collector,
            EventMetrics events,
            HttpMetrics http,
            Executor executor,
            LongSupplier nanoTime) {
        this.view = view;
        this.nanoTime = nanoTime;
        aggregator = new AggregatorMetrics(view, collector, events, http);
        prometheus = new PacedAnswer<>(view, () -> make(Format.PROMETHEUS), executor, nanoTime);
        openMetrics = new PacedAnswer<>(view, () -> make(Format.OPEN_METRICS), executor, nanoTime);
    }

    /** The page, UTF-8; shared, not to be changed. */
    public CompletionStage<byte[]> page(Format format) {
        return (format == Format.OPEN_METRICS ? openMetrics : prometheus).get();
    }

    private byte[] make(Format format) {
        ByteArrayOutputStream page = new ByteArrayOutputStream(8_000 + view.size() * BYTES_PER_NODE);
        try {
            format.writer().write(page, snapshots());
        } catch (IOException e) {
            // bytes in memory always take more
            throw new UncheckedIOException(e);
        }
        return page.toByteArray();
    }

    private MetricSnapshots snapshots() {
        Families families = new Families();
        new NodeMetrics(families, view.list().nodes()).write(nanoTime.getAsLong());
        aggregator.write(families);
        ProcessMetrics.write(families);
        return families.all();
    }
}

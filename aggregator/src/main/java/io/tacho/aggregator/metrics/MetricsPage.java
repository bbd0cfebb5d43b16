// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.tacho.aggregator.alert.notify.LatestAlertStatus;
import io.tacho.aggregator.cluster.CostThrottledCache;
import io.tacho.aggregator.cluster.TotalsCache;
import io.tacho.aggregator.events.EventMetrics;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.KnownNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * The page that Prometheus scrapes, in its own text format or in OpenMetrics.
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

        /** Selects the format for a client: OpenMetrics if it accepts that. */
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
    private final TotalsCache totals;
    private final AggregatorMetrics aggregator;
    private final LongSupplier nanoTime;
    private final Map<Format, CostThrottledCache<byte[]>> plain = new EnumMap<>(Format.class);
    private final Map<Format, CostThrottledCache<byte[]>> zipped = new EnumMap<>(Format.class);

    /**
     * Creates the page of an aggregator.
     *
     * @param executor where the pages are made
     * @param nanoTime the view's monotonic clock
     */
    public MetricsPage(
            ClusterView view,
            TotalsCache totals,
            EventMetrics events,
            LatestAlertStatus alerts,
            HttpMetrics http,
            Executor executor,
            LongSupplier nanoTime) {
        this.view = view;
        this.totals = totals;
        this.nanoTime = nanoTime;
        aggregator = new AggregatorMetrics(view, events, alerts, http);
        for (Format format : Format.values()) {
            plain.put(format, new CostThrottledCache<>(view, () -> make(format), executor, nanoTime));
            zipped.put(format, new CostThrottledCache<>(view, () -> makeZipped(format), executor, nanoTime));
        }
    }

    /** Returns the page, UTF-8; shared, not to be changed. */
    public CompletionStage<byte[]> page(Format format) {
        return of(plain, format);
    }

    /** Returns the same, compressed by gzip. */
    public CompletionStage<byte[]> zippedPage(Format format) {
        return of(zipped, format);
    }

    private static CompletionStage<byte[]> of(Map<Format, CostThrottledCache<byte[]>> pages, Format format) {
        return Objects.requireNonNull(pages.get(format), format.name()).get();
    }

    /** Returns the metrics of the cluster and of this aggregator, without those of nodes. Not to be called by an event loop. */
    public MetricSnapshots withoutNodes() {
        Families families = new Families();
        ClusterMetrics.write(families, totals.get());
        ExtraMetrics.write(families, totals.get());
        aggregator.write(families);
        ProcessMetrics.write(families);
        return families.all();
    }

    private byte[] make(Format format) {
        ByteArrayOutputStream page = new ByteArrayOutputStream(8_000 + view.size() * BYTES_PER_NODE);
        write(format, page);
        return page.toByteArray();
    }

    private byte[] makeZipped(Format format) {
        ByteArrayOutputStream page = new ByteArrayOutputStream(8_000 + view.size() * BYTES_PER_NODE / 3);
        try (GZIPOutputStream out = new QuickGzip(page)) {
            write(format, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return page.toByteArray();
    }

    private void write(Format format, OutputStream out) {
        try {
            format.writer().write(out, snapshots());
        } catch (IOException e) {
            // bytes in memory always take more
            throw new UncheckedIOException(e);
        }
    }

    private MetricSnapshots snapshots() {
        Families families = new Families();
        List<KnownNode> nodes = view.nodeList().nodes();
        new NodeMetrics(families, nodes).write(nanoTime.getAsLong());
        ExtraMetrics.write(families, nodes);
        ClusterMetrics.write(families, totals.get());
        ExtraMetrics.write(families, totals.get());
        aggregator.write(families);
        ProcessMetrics.write(families);
        return families.all();
    }

    /** Pages are large and asked for often: what is compressed quickly is compressed well enough. */
    private static final class QuickGzip extends GZIPOutputStream {
        QuickGzip(OutputStream out) throws IOException {
            super(out);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}

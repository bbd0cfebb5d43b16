// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusProtobufWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** The formats of the page. */
public enum MetricsFormat {
    /** Prometheus' text format. */
    PROMETHEUS(PrometheusTextFormatWriter.create(), ""),
    /** OpenMetrics, version 1. */
    OPEN_METRICS(OpenMetricsTextFormatWriter.create(), "# EOF\n"),
    /** Delimited messages of Protocol Buffers: the only one with native histograms. */
    PROTOBUF(new PrometheusProtobufWriter(), "");

    // writers are without state
    @SuppressWarnings("ImmutableEnumChecker")
    private final ExpositionFormatWriter writer;

    private final String end;

    MetricsFormat(ExpositionFormatWriter writer, String end) {
        this.writer = writer;
        this.end = end;
    }

    /** Selects the format for a client: Protocol Buffers if it accepts them, then OpenMetrics. */
    public static MetricsFormat of(String accept) {
        if (PROTOBUF.writer.accepts(accept)) {
            return PROTOBUF;
        }
        return OPEN_METRICS.writer.accepts(accept) ? OPEN_METRICS : PROMETHEUS;
    }

    /** {@return the value of Content-Type} */
    public String contentType() {
        return writer.getContentType();
    }

    /** Returns a new writer of families with one sample per node. */
    NodeWriter nodeWriter() {
        return this == PROTOBUF ? new ProtobufNodeWriter() : new TextNodeWriter(this == OPEN_METRICS);
    }

    /** Writes families, without the end of the page. */
    void write(MetricSnapshots families, OutputStream out) throws IOException {
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        writer.write(page, families);
        out.write(page.toByteArray(), 0, page.size() - end.length());
    }

    /** Writes the end of the page. */
    void writeEnd(OutputStream out) throws IOException {
        out.write(end.getBytes(US_ASCII));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.scrape;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The body of a response with metrics.
 *
 * @param format the format of the body
 * @param body the bytes; not a copy
 */
record Exposition(Format format, byte[] body) {

    /** A format of metrics. */
    enum Format {
        /** Prometheus' text format, or OpenMetrics. */
        TEXT,
        /** Delimited {@code io.prometheus.client.MetricFamily} messages: the only format with native histograms. */
        PROTOBUF
    }

    static Exposition text(String text) {
        return new Exposition(Format.TEXT, text.getBytes(UTF_8));
    }

    /** {@return the body as text} */
    String text() {
        return new String(body, UTF_8);
    }
}

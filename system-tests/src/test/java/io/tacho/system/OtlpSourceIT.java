// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.AggregationTemporalitySelector;
import io.opentelemetry.sdk.metrics.export.DefaultAggregationSelector;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.tacho.embedded.EmbeddedRedis;
import io.tacho.process.ChildProcess;
import io.tacho.testing.FreePorts;
import io.tacho.testing.TachoProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code tacho agent --source otlp} with the exporter of the real OpenTelemetry SDK. */
class OtlpSourceIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(40);

    @TempDir
    private Path directory;

    private static SdkMeterProvider sdk(int port, boolean isDelta) {
        AggregationTemporalitySelector temporality = isDelta
                ? AggregationTemporalitySelector.deltaPreferred()
                : AggregationTemporalitySelector.alwaysCumulative();
        OtlpHttpMetricExporter exporter = OtlpHttpMetricExporter.builder()
                .setEndpoint("http://127.0.0.1:" + port + "/v1/metrics")
                .setCompression("gzip")
                .setAggregationTemporalitySelector(temporality)
                .setDefaultAggregationSelector(DefaultAggregationSelector.getDefault()
                        .with(InstrumentType.HISTOGRAM, Aggregation.base2ExponentialBucketHistogram()))
                .build();
        return SdkMeterProvider.builder()
                .registerMetricReader(PeriodicMetricReader.builder(exporter)
                        .setInterval(Duration.ofMillis(300))
                        .build())
                .build();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void application_isPublishedAsANode(boolean isDelta) throws Exception {
        int port = FreePorts.any();
        Path mapping = Files.writeString(directory.resolve("mapping"), """
                num_clients = chat_connections
                num_msg_sent = chat_messages{direction="out"}
                time_api = http_server_request_duration
                """);
        try (EmbeddedRedis redis = EmbeddedRedis.start();
                ChildProcess agent = TachoProgram.start(
                        Map.of("TACHO_REDIS", redis.uri()),
                        "agent",
                        "--source",
                        "otlp",
                        "--listen",
                        "127.0.0.1:" + port,
                        "--mapping",
                        mapping.toString(),
                        "--name",
                        "shop",
                        "--publish-interval",
                        "500ms",
                        "--metrics-interval",
                        "2s");
                TestAggregator aggregator = TestAggregator.start(redis.uri())) {
            await().atMost(TIMEOUT).until(() -> agent.log().contains("/v1/metrics"));
            try (SdkMeterProvider sdk = sdk(port, isDelta)) {
                Meter meter = sdk.get("shop");
                meter.gaugeBuilder("chat.connections").buildWithCallback(gauge -> gauge.record(12));
                LongCounter messages = meter.counterBuilder("chat.messages").build();
                DoubleHistogram durations = meter.histogramBuilder("http.server.request.duration")
                        .setUnit("s")
                        .build();
                await().atMost(TIMEOUT).untilAsserted(() -> {
                    messages.add(5, Attributes.builder().put("direction", "out").build());
                    messages.add(70, Attributes.builder().put("direction", "in").build());
                    durations.record(0.2);
                    JsonNode node = aggregator.stats().at("/nodes/0");
                    assertThat(node.path("name").asText()).isEqualTo("shop");
                    assertThat(node.path("num_clients").asLong()).isEqualTo(12);
                    assertThat(node.path("num_msg_sent").asLong()).isPositive();
                    // each request belongs to five messages, and took 0.2 s
                    assertThat(node.path("num_msg_sent").asLong())
                            .isEqualTo(5 * node.path("num_api_requests").asLong());
                    assertThat(node.path("time_api_mean").asLong()).isBetween(199_000_000L, 201_000_000L);
                    assertThat(node.path("time_api_max").asLong()).isBetween(200_000_000L, 210_000_000L);
                });
                assertThat(aggregator.cluster().at("/quantiles/time_api/p50").asLong())
                        .isBetween(190_000_000L, 210_000_000L);
            }
        }
    }

    @Test
    void missingMapping_isRejected() throws Exception {
        try (ChildProcess agent = TachoProgram.start("agent", "--source", "otlp", "--listen", "127.0.0.1:0")) {
            assertThat(agent.awaitExit()).isEqualTo(2);
            assertThat(agent.log())
                    .contains("mapping: missing (expected: a file, or one of micrometer, nats,"
                            + " opentelemetry, socketio, soketi)");
        }
    }
}

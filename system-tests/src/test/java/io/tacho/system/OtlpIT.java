// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.tacho.agent.NodeAgent;
import io.tacho.aggregator.otlp.OtlpSettings;
import io.tacho.embedded.EmbeddedRedis;
import io.tacho.redis.connection.RedisSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The metrics that an aggregator pushes, parsed with the protocol's own classes, are those of {@code /metrics} and {@code /cluster}. */
class OtlpIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(40);
    private static final Map<String, String> SUFFIXES = Map.of("s", "_seconds", "By", "_bytes", "1", "_ratio", "", "");

    private final List<ExportMetricsServiceRequest> requests = new CopyOnWriteArrayList<>();

    private static Map<String, Metric> byPrometheusName(ExportMetricsServiceRequest request) {
        return request.getResourceMetricsList().stream()
                .flatMap(resource -> resource.getScopeMetricsList().stream())
                .flatMap(scope -> scope.getMetricsList().stream())
                .collect(Collectors.toMap(
                        metric -> metric.getName().replace('.', '_') + SUFFIXES.get(metric.getUnit()),
                        metric -> metric));
    }

    /** Returns the samples without labels of the page, by name. */
    private static Map<String, Double> samples(String page) {
        Map<String, Double> samples = new HashMap<>();
        page.lines()
                .filter(line -> !line.startsWith("#") && !line.contains("{"))
                .forEach(line -> samples.put(line.split(" ")[0], Double.valueOf(line.split(" ")[1])));
        return samples;
    }

    private ExportMetricsServiceRequest last() {
        return requests.get(requests.size() - 1);
    }

    private static ExponentialHistogramDataPoint durations(ExportMetricsServiceRequest request) {
        return Objects.requireNonNull(byPrometheusName(request).get("tacho_cluster_client_request_duration_seconds"))
                .getExponentialHistogram()
                .getDataPoints(0);
    }

    private static double value(Metric gauge) {
        return gauge.getGauge().getDataPoints(0).getAsDouble();
    }

    @Test
    void pushedMetrics_equalThoseOfTheCluster() throws Exception {
        HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/metrics", exchange -> {
            try (exchange) {
                requests.add(ExportMetricsServiceRequest.parseFrom(exchange.getRequestBody()));
                exchange.sendResponseHeaders(200, -1);
            }
        });
        collector.start();
        try (EmbeddedRedis redis = EmbeddedRedis.start();
                TestAggregator aggregator = TestAggregator.start(redis.uri());
                NodeAgent agent = NodeAgent.builder()
                        .redis(RedisSettings.of(redis.uri()))
                        .name("a")
                        .metricsInterval(Duration.ofSeconds(1))
                        .publishInterval(Duration.ofMillis(500))
                        .numClients(() -> 7)
                        .numChannels(() -> 3)
                        .start()) {
            aggregator.pushMetrics(OtlpSettings.of(Map.of(
                            "OTEL_EXPORTER_OTLP_ENDPOINT",
                            "http://127.0.0.1:" + collector.getAddress().getPort(),
                            "OTEL_METRIC_EXPORT_INTERVAL",
                            "500"))
                    .orElseThrow());
            await().atMost(TIMEOUT).ignoreExceptions().until(() -> {
                agent.recorder().clientRequest(TimeUnit.MILLISECONDS.toNanos(20));
                return !requests.isEmpty() && durations(last()).getCount() > 3;
            });
            ExponentialHistogramDataPoint durations = durations(last());
            double base = Math.pow(2, Math.pow(2, -durations.getScale()));
            int used = durations.getPositive().getBucketCountsCount();
            assertThat(durations.getSum()).isCloseTo(0.02 * durations.getCount(), within(1e-6));
            assertThat(Math.pow(base, durations.getPositive().getOffset() + used))
                    .isBetween(0.02, 0.02 * base * base);
            assertThat(durations.getPositive().getBucketCountsList().stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .isEqualTo(durations.getCount());

            JsonNode numbers = aggregator.cluster().path("numbers");
            Map<String, Double> page =
                    samples(aggregator.send("/metrics?nodes=0").body());
            int before = requests.size();
            await().atMost(TIMEOUT).until(() -> requests.size() > before);
            Map<String, Metric> pushed = byPrometheusName(last());
            assertThat(value(pushed.get("tacho_cluster_clients")))
                    .isEqualTo(7)
                    .isEqualTo(numbers.path("num_clients").asDouble())
                    .isEqualTo(page.get("tacho_cluster_clients"));
            assertThat(value(pushed.get("tacho_cluster_channels")))
                    .isEqualTo(numbers.path("num_channels").asDouble());
            assertThat(value(pushed.get("tacho_cluster_gomaxprocs")))
                    .isEqualTo(numbers.path("gomaxprocs").asDouble());
            // no family of the page is missing
            assertThat(pushed.keySet())
                    .containsAll(page.keySet().stream()
                            .map(name -> name.replaceFirst("_(total|count|sum)$", ""))
                            .toList());

            ResourceMetrics resource = last().getResourceMetrics(0);
            assertThat(resource.getResource().getAttributesList())
                    .extracting(KeyValue::getKey)
                    .containsExactlyInAnyOrder("service.name", "service.instance.id", "tacho.namespace");
        } finally {
            collector.stop(0);
        }
    }
}

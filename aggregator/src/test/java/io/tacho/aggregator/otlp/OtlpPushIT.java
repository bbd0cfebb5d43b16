// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Pushes to an HTTP server that parses requests with the protocol's own classes. */
class OtlpPushIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final List<ExportMetricsServiceRequest> requests = new CopyOnWriteArrayList<>();
    private final List<String> headers = new CopyOnWriteArrayList<>();
    private final AtomicInteger attempts = new AtomicInteger();
    private final Logger logger = (Logger) LoggerFactory.getLogger(OtlpPush.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final java.util.logging.Logger exporterLog = java.util.logging.Logger.getLogger("io.opentelemetry");
    private final List<String> exporterLines = new CopyOnWriteArrayList<>();
    private final Handler exporterMessages = new Handler() {
        @Override
        public void publish(LogRecord message) {
            exporterLines.add(message.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private volatile int status = 200;
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        log.list = new CopyOnWriteArrayList<>();
        log.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(log);
        exporterLog.addHandler(exporterMessages);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/metrics", this::handle);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        logger.detachAppender(log);
        logger.setLevel(null);
        exporterLog.removeHandler(exporterMessages);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            attempts.incrementAndGet();
            boolean isZipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
            InputStream body = exchange.getRequestBody();
            ExportMetricsServiceRequest request =
                    ExportMetricsServiceRequest.parseFrom(isZipped ? new GZIPInputStream(body) : body);
            if (status == 200) {
                requests.add(request);
                headers.add(exchange.getRequestHeaders().getFirst("Content-Type") + " "
                        + exchange.getRequestHeaders().getFirst("X-Key") + (isZipped ? " gzip" : ""));
            }
            exchange.sendResponseHeaders(status, -1);
        }
    }

    private OtlpPush push(String... namesAndValues) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                "http://127.0.0.1:" + server.getAddress().getPort(),
                "OTEL_METRIC_EXPORT_INTERVAL",
                "200"));
        for (int i = 0; i < namesAndValues.length; i += 2) {
            environment.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        GaugeSnapshot gauge = GaugeSnapshot.builder()
                .name("tacho_cluster_clients")
                .dataPoint(
                        GaugeSnapshot.GaugeDataPointSnapshot.builder().value(42).build())
                .build();
        OtlpPush push = new OtlpPush(
                OtlpSettings.of(environment).orElseThrow(),
                () -> new MetricSnapshots(gauge),
                Map.of("service.name", "tacho", "service.instance.id", "one:7022"),
                InstantSource.system());
        push.start();
        return push;
    }

    private List<String> warnings() {
        return List.copyOf(log.list).stream()
                .filter(event -> event.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Test
    void metrics_arePushedOncePerInterval_withResourceHeadersAndCompression() {
        try (OtlpPush push = push(
                "OTEL_EXPORTER_OTLP_HEADERS", "x-key=s3cret",
                "OTEL_EXPORTER_OTLP_COMPRESSION", "gzip",
                "OTEL_SERVICE_NAME", "chat")) {
            await().atMost(TIMEOUT).until(() -> requests.size() >= 2);
        }
        assertThat(headers.get(0)).isEqualTo("application/x-protobuf s3cret gzip");
        ResourceMetrics metrics = requests.get(0).getResourceMetrics(0);
        assertThat(metrics.getResource().getAttributesList())
                .extracting(attribute ->
                        attribute.getKey() + "=" + attribute.getValue().getStringValue())
                .containsExactlyInAnyOrder("service.name=chat", "service.instance.id=one:7022");
        assertThat(metrics.getScopeMetrics(0).getMetrics(0).getName()).isEqualTo("tacho.cluster.clients");
        assertThat(metrics.getScopeMetrics(0)
                        .getMetrics(0)
                        .getGauge()
                        .getDataPoints(0)
                        .getAsDouble())
                .isEqualTo(42);
        assertThat(log.list).noneMatch(event -> event.getFormattedMessage().contains("s3cret"));
    }

    @Test
    void failures_areLoggedOncePerCause_andThePushContinues() {
        status = 400;
        try (OtlpPush push = push()) {
            await().atMost(TIMEOUT).until(() -> attempts.get() >= 3);
            assertThat(warnings())
                    .singleElement()
                    .asString()
                    .startsWith("OTLP: http://127.0.0.1:")
                    .contains("does not accept metrics: status 400 (expected: 200); the next push follows");
            status = 401;
            await().atMost(TIMEOUT).until(() -> warnings().size() == 2);

            status = 200;
            await().atMost(TIMEOUT).until(() -> !requests.isEmpty());
            await().atMost(TIMEOUT)
                    .until(() -> log.list.stream()
                            .anyMatch(event -> event.getFormattedMessage().contains("accepts metrics again")));
        }
        assertThat(warnings()).hasSize(2);
        assertThat(exporterLines).isEmpty();
    }

    @Test
    void collectorUnreachable_isLoggedWithTheCause() {
        server.stop(0);
        try (OtlpPush push = push()) {
            await().atMost(TIMEOUT).until(() -> !warnings().isEmpty());
        }
        assertThat(warnings().get(0)).contains("ConnectException");
    }

    @Test
    void close_stopsThePush() {
        OtlpPush push = push();
        await().atMost(TIMEOUT).until(() -> !requests.isEmpty());
        push.close();
        push.close();
        int before = attempts.get();
        await().during(Duration.ofMillis(600)).atMost(TIMEOUT).until(() -> attempts.get() <= before + 1);
    }
}

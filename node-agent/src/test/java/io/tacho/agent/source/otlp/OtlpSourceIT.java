// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogram;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.metrics.v1.Summary;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;
import io.opentelemetry.proto.resource.v1.Resource;
import io.tacho.agent.process.OtherProcess;
import io.tacho.agent.record.RecordedInterval;
import io.tacho.agent.source.NodeState;
import io.tacho.agent.source.push.PushSettings;
import io.tacho.model.Field;
import io.tacho.model.Quality;
import io.tacho.testing.ManualTicker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests node values of metrics that programs push by OTLP. */
class OtlpSourceIT {

    private static final String MAPPING = """
            num_clients = app_clients
            num_msg_sent = app_sent{kind="message"}
            time_api = app_requests
            time_client = app_commands
            extra.queue = gauge app_queue
            """;
    private static final long START = 1_795_000_000L * 1_000_000_000L;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private Path directory;

    private final ManualTicker ticker = new ManualTicker();
    private AggregationTemporality temporality = AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE;
    private long start = START;
    private String instance = "one";
    private OtlpSource source;

    @BeforeEach
    void open() throws IOException {
        source = open(null);
    }

    private OtlpSource open(String key) throws IOException {
        PushSettings settings = new PushSettings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                key,
                List.of(),
                Duration.ofSeconds(20),
                Duration.ofSeconds(60));
        Path mapping = Files.writeString(directory.resolve("mapping"), MAPPING);
        OtlpSource opened = new OtlpSource(settings, mapping.toString(), "chat_1", OtherProcess.none(), ticker);
        opened.start(() -> {});
        return opened;
    }

    @AfterEach
    void close() {
        source.close();
    }

    private HttpRequest.Builder request(OtlpSource to, String path) {
        return HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + to.address().getPort() + path))
                .header("Content-Type", "application/x-protobuf");
    }

    private ExportMetricsServiceRequest message(Metric... metrics) {
        return ExportMetricsServiceRequest.newBuilder()
                .addResourceMetrics(ResourceMetrics.newBuilder()
                        .setResource(Resource.newBuilder().addAttributes(attribute("service.instance.id", instance)))
                        .addScopeMetrics(ScopeMetrics.newBuilder().addAllMetrics(Arrays.asList(metrics))))
                .build();
    }

    private void push(Metric... metrics) throws Exception {
        HttpResponse<byte[]> response = HTTP.send(
                request(source, "/v1/metrics")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(
                                message(metrics).toByteArray()))
                        .build(),
                BodyHandlers.ofByteArray());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(ExportMetricsServiceResponse.parseFrom(response.body()).hasPartialSuccess())
                .isFalse();
        source.refresh();
    }

    private NodeState endWindow() {
        ticker.advance(Duration.ofSeconds(10));
        assertThat(source.endWindow()).isTrue();
        return source.read(RecordedInterval.EMPTY);
    }

    private static KeyValue attribute(String name, String value) {
        return KeyValue.newBuilder()
                .setKey(name)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }

    private NumberDataPoint number(double value, KeyValue... attributes) {
        return NumberDataPoint.newBuilder()
                .setStartTimeUnixNano(start)
                .setAsDouble(value)
                .addAllAttributes(Arrays.asList(attributes))
                .build();
    }

    private Metric gauge(String name, double value) {
        return Metric.newBuilder()
                .setName(name)
                .setGauge(Gauge.newBuilder().addDataPoints(number(value)))
                .build();
    }

    private Metric sent(double messages) {
        return Metric.newBuilder()
                .setName("app.sent")
                .setSum(Sum.newBuilder()
                        .setIsMonotonic(true)
                        .setAggregationTemporality(temporality)
                        .addDataPoints(number(messages, attribute("kind", "message")))
                        .addDataPoints(number(1_000 + messages, attribute("kind", "ping"))))
                .build();
    }

    private Metric histogram(long fast, long slow, double sum) {
        return Metric.newBuilder()
                .setName("app.requests")
                .setHistogram(Histogram.newBuilder()
                        .setAggregationTemporality(temporality)
                        .addDataPoints(HistogramDataPoint.newBuilder()
                                .setStartTimeUnixNano(start)
                                .setCount(fast + slow)
                                .setSum(sum)
                                .addAllExplicitBounds(List.of(0.01, 0.1))
                                .addAllBucketCounts(List.of(fast, slow, 0L))))
                .build();
    }

    /** Durations in the buckets (0.0625, 0.125] and (0.125, 0.25]. */
    private Metric exponential(long fast, long slow, double sum) {
        return Metric.newBuilder()
                .setName("app.commands")
                .setExponentialHistogram(ExponentialHistogram.newBuilder()
                        .setAggregationTemporality(temporality)
                        .addDataPoints(ExponentialHistogramDataPoint.newBuilder()
                                .setStartTimeUnixNano(start)
                                .setScale(0)
                                .setCount(fast + slow)
                                .setSum(sum)
                                .setPositive(ExponentialHistogramDataPoint.Buckets.newBuilder()
                                        .setOffset(-4)
                                        .addAllBucketCounts(List.of(fast, slow)))))
                .build();
    }

    @ParameterizedTest
    @EnumSource(
            names = {"AGGREGATION_TEMPORALITY_CUMULATIVE", "AGGREGATION_TEMPORALITY_DELTA"},
            value = AggregationTemporality.class)
    void metrics_areMappedToFields(AggregationTemporality pushed) throws Exception {
        temporality = pushed;
        boolean isDelta = pushed == AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA;
        push(gauge("app.clients", 5), gauge("app.queue", 2), sent(100), histogram(1, 0, 0.005), exponential(2, 0, 0.2));
        push(
                gauge("app.clients", 7),
                gauge("app.queue", 3),
                sent(isDelta ? 40 : 140),
                isDelta ? histogram(3, 1, 0.055) : histogram(4, 1, 0.06),
                isDelta ? exponential(1, 1, 0.3) : exponential(3, 1, 0.5));
        NodeState state = endWindow();

        assertThat(state.snapshot().name()).isEqualTo("chat_1");
        assertThat(state.snapshot().number(Field.NUM_CLIENTS)).isEqualTo(7);
        assertThat(state.snapshot().number(Field.NUM_MSG_SENT)).isEqualTo(40);
        assertThat(state.snapshot().number(Field.NUM_API_REQUESTS)).isEqualTo(4);
        assertThat(state.snapshot().number(Field.TIME_API_MEAN)).isEqualTo(13_750_000);
        assertThat(state.snapshot().number(Field.TIME_API_MAX)).isBetween(10_000_000L, 100_000_000L);
        assertThat(state.snapshot().number(Field.NUM_CLIENT_REQUESTS)).isEqualTo(2);
        assertThat(state.snapshot().number(Field.TIME_CLIENT_MEAN)).isEqualTo(150_000_000);
        assertThat(state.snapshot().number(Field.TIME_CLIENT_MAX)).isBetween(125_000_000L, 250_000_000L);
        assertThat(state.counted()
                        .client()
                        .histogram()
                        .decodeIfReadable()
                        .orElseThrow()
                        .count())
                .isEqualTo(2);
        assertThat(state.snapshot().number(Field.STARTED_AT)).isEqualTo(START / 1_000_000_000L);
        assertThat(state.extras().byName().get("queue").value()).isEqualTo(3);
    }

    @Test
    void summary_hasCountAndMean() throws Exception {
        for (int i = 1; i <= 2; i++) {
            push(Metric.newBuilder()
                    .setName("app.requests")
                    .setSummary(Summary.newBuilder()
                            .addDataPoints(SummaryDataPoint.newBuilder()
                                    .setCount(10L * i)
                                    .setSum(0.2 * i)))
                    .build());
        }

        assertThat(endWindow().snapshot().number(Field.TIME_API_MEAN)).isEqualTo(20_000_000);
    }

    @Test
    void otherProcess_isOtherNode_countsFromZero() throws Exception {
        push(sent(100));
        push(sent(150));
        String first = endWindow().snapshot().uid();

        instance = "two";
        start = START + 60_000_000_000L;
        push(sent(3));
        String second = source.read(RecordedInterval.EMPTY).snapshot().uid();
        push(sent(8));

        assertThat(second).isNotEqualTo(first);
        assertThat(endWindow().snapshot().number(Field.NUM_MSG_SENT)).isEqualTo(5);
    }

    @Test
    void restartWithSameResource_isDetectedByStartTimeAndTotals() throws Exception {
        push(sent(100));
        push(sent(150));
        String first = endWindow().snapshot().uid();

        start = START + 60_000_000_000L;
        push(sent(3));

        assertThat(source.read(RecordedInterval.EMPTY).snapshot().uid()).isNotEqualTo(first);
    }

    @Test
    void noPushes_valuesAreStale_thenNodeIsLost() throws Exception {
        assertThat(source.read(RecordedInterval.EMPTY)).isNull();
        push(gauge("app.clients", 5));
        assertThat(source.read(RecordedInterval.EMPTY).quality().byWireName()).doesNotContainValue(Quality.STALE);

        ticker.advance(Duration.ofSeconds(21));
        source.refresh();
        assertThat(source.read(RecordedInterval.EMPTY).quality().byWireName())
                .containsEntry("num_clients", Quality.STALE);

        ticker.advance(Duration.ofSeconds(61));
        source.refresh();
        assertThat(source.read(RecordedInterval.EMPTY)).isNull();
        assertThat(source.isLost()).isTrue();
    }

    @Test
    void repeatedDelta_isCountedOnce() throws Exception {
        temporality = AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA;
        push(sent(1));
        push(timed(5, 1));
        push(timed(5, 1));
        push(timed(7, 2));

        assertThat(endWindow().snapshot().number(Field.NUM_MSG_SENT)).isEqualTo(12);
    }

    private Metric timed(double messages, long second) {
        Metric.Builder metric = sent(messages).toBuilder();
        metric.getSumBuilder()
                .getDataPointsBuilderList()
                .forEach(point -> point.setTimeUnixNano(START + second * 1_000_000_000L));
        return metric.build();
    }

    @Test
    void pointsWithoutTemporality_orOutOfBounds_areRejected() throws Exception {
        temporality = AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA;
        push(sent(1), histogram(1, 0, 0.005));
        Metric broken = histogram(1, 0, 0.005);
        Metric.Builder huge = broken.toBuilder();
        huge.getHistogramBuilder().getDataPointsBuilder(0).setCount(Long.MIN_VALUE);
        temporality = AggregationTemporality.AGGREGATION_TEMPORALITY_UNSPECIFIED;

        HttpResponse<byte[]> response = HTTP.send(
                request(source, "/v1/metrics")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(
                                message(sent(5_000), huge.build()).toByteArray()))
                        .build(),
                BodyHandlers.ofByteArray());

        assertThat(ExportMetricsServiceResponse.parseFrom(response.body())
                        .getPartialSuccess()
                        .getRejectedDataPoints())
                .isEqualTo(3);
        source.refresh();
        temporality = AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA;
        push(sent(2), broken);
        NodeState state = endWindow();
        assertThat(state.snapshot().number(Field.NUM_MSG_SENT)).isEqualTo(2);
        assertThat(state.totals()).isNotNull();
        assertThat(state.quality().byWireName()).doesNotContainEntry("time_api_mean", Quality.UNAVAILABLE);
    }

    @Test
    void seriesAboveLimit_areRejectedAndReported() throws Exception {
        List<NumberDataPoint> points = IntStream.range(0, OtlpTable.MAX_SERIES + 5)
                .mapToObj(i -> number(1, attribute("user", "u" + i)))
                .toList();
        Metric many = Metric.newBuilder()
                .setName("app.clients")
                .setGauge(Gauge.newBuilder().addAllDataPoints(points))
                .build();
        HttpResponse<byte[]> response = HTTP.send(
                request(source, "/v1/metrics")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(
                                message(many).toByteArray()))
                        .build(),
                BodyHandlers.ofByteArray());

        assertThat(ExportMetricsServiceResponse.parseFrom(response.body())
                        .getPartialSuccess()
                        .getRejectedDataPoints())
                .isEqualTo(5);
        source.refresh();
        NodeState state = source.read(RecordedInterval.EMPTY);
        assertThat(state.snapshot().number(Field.NUM_CLIENTS)).isEqualTo(OtlpTable.MAX_SERIES);
        assertThat(state.quality().byWireName()).containsEntry("num_clients", Quality.CLOSE);
    }

    @Test
    void deltasOfAnyNumberOfAttributes_areCountedOnce() throws Exception {
        temporality = AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA;
        push(sent(1));
        for (int batch = 0; batch < 3; batch++) {
            Sum.Builder sum = Sum.newBuilder().setIsMonotonic(true).setAggregationTemporality(temporality);
            for (int i = 0; i < OtlpTable.MAX_SERIES / 2; i++) {
                sum.addDataPoints(number(1, attribute("kind", "message"), attribute("user", batch + "-" + i)));
            }
            sum.addDataPoints(number(7, attribute("kind", "ping"), attribute("user", "u")));
            push(Metric.newBuilder().setName("app.sent").setSum(sum).build());
        }
        NodeState state = endWindow();

        assertThat(state.snapshot().number(Field.NUM_MSG_SENT)).isEqualTo(3L * OtlpTable.MAX_SERIES / 2);
        assertThat(state.totals().numMsgSent()).isEqualTo(3L * OtlpTable.MAX_SERIES / 2 + 1);
        assertThat(state.quality().byWireName()).doesNotContainKey("num_msg_sent");
    }

    @Test
    void gzip_isAccepted_sizeIsBounded() throws Exception {
        assertThat(postZipped(message(gauge("app.clients", 9)).toByteArray())).isEqualTo(200);
        source.refresh();
        assertThat(source.read(RecordedInterval.EMPTY).snapshot().number(Field.NUM_CLIENTS))
                .isEqualTo(9);

        assertThat(postZipped(new byte[20_000_000])).isEqualTo(413);
    }

    private int postZipped(byte[] body) throws Exception {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
            gzip.write(body);
        }
        return HTTP.send(
                        request(source, "/v1/metrics")
                                .header("Content-Encoding", "gzip")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(zipped.toByteArray()))
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void otherRequests_areRejected_withExpectedRequest() throws Exception {
        HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.ofString("{}");
        assertThat(send(request(source, "/v1/traces").POST(body)))
                .isEqualTo("404 path: /v1/traces (expected: /v1/metrics)");
        assertThat(send(request(source, "/v1/metrics").GET())).isEqualTo("405 method: GET (expected: POST)");
        assertThat(send(request(source, "/v1/metrics")
                        .setHeader("Content-Type", "application/json")
                        .POST(body)))
                .isEqualTo("415 Content-Type: application/json (expected: application/x-protobuf, of the protocol"
                        + " http/protobuf)");
        assertThat(send(request(source, "/v1/metrics").POST(body)))
                .isEqualTo("400 body: malformed (expected: an ExportMetricsServiceRequest)");
        assertThat(send(request(source, "/v1/metrics")
                        .header("Origin", "http://page.example")
                        .POST(body)))
                .startsWith("403 Origin");
    }

    private static String send(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> response = HTTP.send(request.build(), BodyHandlers.ofString());
        return response.statusCode() + " " + response.body().replaceFirst(".*\"message\":\"(.*)\".*", "$1");
    }

    @Test
    void key_isRequired() throws Exception {
        try (OtlpSource keyed = open("s3cret")) {
            HttpRequest.BodyPublisher body =
                    HttpRequest.BodyPublishers.ofByteArray(message().toByteArray());
            assertThat(send(request(keyed, "/v1/metrics").POST(body))).startsWith("401 ");
            assertThat(send(request(keyed, "/v1/metrics")
                            .header("X-API-Key", "s3cret")
                            .POST(body)))
                    .startsWith("200");
        }
    }

    @Test
    void unknownMapping_isRejected() {
        PushSettings settings = new PushSettings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                null,
                List.of(),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1));
        assertThatThrownBy(() -> new OtlpSource(settings, "absent", null, OtherProcess.none()))
                .hasMessageContaining("mapping: cannot read absent");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.otlp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
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
import io.tacho.agent.source.push.PushSettings;
import io.tacho.agent.source.scrape.ScrapeForm;
import io.tacho.model.NodeSnapshot;
import io.tacho.testing.ManualTicker;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OtlpRequestsTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final ScrapeForm FORM = new ScrapeForm("app", "", List.of(), List.of("app_"));

    private final OtlpMetrics metrics = new OtlpMetrics(FORM, MINUTE, new ManualTicker());

    private FullHttpResponse respond(HttpMethod method, String uri, String type, byte[] body) {
        PushSettings settings = new PushSettings(
                new InetSocketAddress("127.0.0.1", 4_318), null, List.of(), MINUTE, MINUTE.multipliedBy(2));
        EmbeddedChannel channel = new EmbeddedChannel(new OtlpRequests(settings, metrics));
        DefaultFullHttpRequest request =
                new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, method, uri, Unpooled.wrappedBuffer(body));
        request.headers().set("Host", "localhost").set("Content-Type", type);
        channel.writeInbound(request);
        return channel.readOutbound();
    }

    private static byte[] sum(AggregationTemporality temporality, int points) {
        Sum.Builder sum = Sum.newBuilder().setAggregationTemporality(temporality);
        for (int i = 0; i < points; i++) {
            sum.addDataPoints(NumberDataPoint.newBuilder().setAsInt(i));
        }
        return message(Metric.newBuilder().setName("app_sent").setSum(sum));
    }

    private static byte[] message(Metric.Builder metric) {
        return ExportMetricsServiceRequest.newBuilder()
                .addResourceMetrics(ResourceMetrics.newBuilder()
                        .addScopeMetrics(ScopeMetrics.newBuilder().addMetrics(metric)))
                .build()
                .toByteArray();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"application/x-protobuf", "APPLICATION/X-PROTOBUF", "application/x-protobuf; charset=utf-8"})
    void post_isAccepted(String type) throws Exception {
        FullHttpResponse response = respond(
                HttpMethod.POST,
                "/v1/metrics",
                type,
                message(Metric.newBuilder()
                        .setName("app_clients")
                        .setGauge(Gauge.newBuilder()
                                .addDataPoints(NumberDataPoint.newBuilder().setAsInt(7)))));

        assertThat(response.status().code()).isEqualTo(200);
        assertThat(response.headers().get("Content-Type")).isEqualTo("application/x-protobuf");
        assertThat(ExportMetricsServiceResponse.parseFrom(ByteBufUtil.getBytes(response.content())))
                .isEqualTo(ExportMetricsServiceResponse.getDefaultInstance());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST | /v1/traces  | application/x-protobuf | 404 | path: /v1/traces (expected: /v1/metrics)",
                "GET  | /v1/metrics | application/x-protobuf | 405 | method: GET (expected: POST)",
                "POST | /v1/metrics | application/json       | 415 | Content-Type: application/json (expected:",
                "POST | /v1/metrics | ''                     | 415 | Content-Type:  (expected:",
                "POST | /v1/metrics | application/x-protobuf | 400 | body: malformed (expected: an Export",
            })
    void otherRequests_areRejected(String method, String uri, String type, int status, String message) {
        FullHttpResponse response = respond(HttpMethod.valueOf(method), uri, type, new byte[] {1, 2, 3});

        assertThat(response.status().code()).isEqualTo(status);
        assertThat(response.content().toString(UTF_8)).contains("\"message\":\"" + message);
    }

    @Test
    void seriesAboveLimit_areReported() throws Exception {
        byte[] unknown = sum(AggregationTemporality.AGGREGATION_TEMPORALITY_UNSPECIFIED, 3);

        FullHttpResponse response = respond(HttpMethod.POST, "/v1/metrics", "application/x-protobuf", unknown);

        ExportMetricsServiceResponse body =
                ExportMetricsServiceResponse.parseFrom(ByteBufUtil.getBytes(response.content()));
        assertThat(response.status().code()).isEqualTo(200);
        assertThat(body.getPartialSuccess().getRejectedDataPoints()).isEqualTo(3);
        assertThat(body.getPartialSuccess().getErrorMessage()).contains("10000 series");
    }

    @ParameterizedTest
    @EnumSource(value = AggregationTemporality.class, mode = EnumSource.Mode.EXCLUDE, names = "UNRECOGNIZED")
    void withoutTemporality_countsPointsOfUnknownTemporality(AggregationTemporality temporality) {
        boolean unknown = temporality == AggregationTemporality.AGGREGATION_TEMPORALITY_UNSPECIFIED;
        Metric sum = Metric.newBuilder()
                .setSum(Sum.newBuilder()
                        .setAggregationTemporality(temporality)
                        .addDataPoints(NumberDataPoint.newBuilder()))
                .build();
        Metric histogram = Metric.newBuilder()
                .setHistogram(Histogram.newBuilder()
                        .setAggregationTemporality(temporality)
                        .addDataPoints(HistogramDataPoint.newBuilder())
                        .addDataPoints(HistogramDataPoint.newBuilder()))
                .build();
        Metric exponential = Metric.newBuilder()
                .setExponentialHistogram(ExponentialHistogram.newBuilder()
                        .setAggregationTemporality(temporality)
                        .addDataPoints(ExponentialHistogramDataPoint.newBuilder()))
                .build();

        assertThat(OtlpPoints.withoutTemporality(sum)).isEqualTo(unknown ? 1 : 0);
        assertThat(OtlpPoints.withoutTemporality(histogram)).isEqualTo(unknown ? 2 : 0);
        assertThat(OtlpPoints.withoutTemporality(exponential)).isEqualTo(unknown ? 1 : 0);
        assertThat(OtlpPoints.isDelta(temporality))
                .isEqualTo(temporality == AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA);
    }

    @Test
    void withoutTemporality_gauges_areNotCounted() {
        assertThat(OtlpPoints.withoutTemporality(Metric.newBuilder()
                        .setGauge(Gauge.newBuilder().addDataPoints(NumberDataPoint.newBuilder()))
                        .build()))
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0, true",
        "9007199254740991, 1.5, 9007199254740991, true",
        "9007199254740992, 1, 1, false",
        "-1, 1, 1, false",
        "1, 1, -9223372036854775808, false",
        "1, 1, 9007199254740992, false",
        "1, NaN, 1, false",
        "1, Infinity, 1, false",
        "1, -2, 1, true",
    })
    void histogram_isValidWithinFieldBounds(long count, double sum, long bucket, boolean valid) {
        assertThat(NodeSnapshot.MAX_VALUE).isEqualTo(9_007_199_254_740_991L);
        assertThat(OtlpPoints.isValid(HistogramDataPoint.newBuilder()
                        .setCount(count)
                        .setSum(sum)
                        .addBucketCounts(0)
                        .addBucketCounts(bucket)
                        .build()))
                .isEqualTo(valid);
        for (boolean zero : new boolean[] {false, true}) {
            ExponentialHistogramDataPoint.Builder point =
                    ExponentialHistogramDataPoint.newBuilder().setCount(count).setSum(sum);
            if (zero) {
                point.setZeroCount(bucket);
            } else {
                point.getPositiveBuilder().addBucketCounts(bucket);
            }
            assertThat(OtlpPoints.isValid(point.build())).isEqualTo(valid);
        }
    }
}

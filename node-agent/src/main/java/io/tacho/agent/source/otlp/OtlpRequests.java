// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.otlp;

import com.google.protobuf.InvalidProtocolBufferException;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsPartialSuccess;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.tacho.agent.source.push.PushHandler;
import io.tacho.agent.source.push.PushSettings;

/** Responds to {@code POST /v1/metrics}. */
@Sharable
final class OtlpRequests extends PushHandler {

    static final String PATH = "/v1/metrics";

    private static final String PROTOBUF = "application/x-protobuf";

    private final OtlpMetrics metrics;

    OtlpRequests(PushSettings settings, OtlpMetrics metrics) {
        super(settings);
        this.metrics = metrics;
    }

    @Override
    protected FullHttpResponse respond(FullHttpRequest request) {
        String path = new QueryStringDecoder(request.uri()).path();
        if (!path.equals(PATH)) {
            return error(HttpResponseStatus.NOT_FOUND, "path: " + path + " (expected: " + PATH + ")");
        }
        if (!request.method().equals(HttpMethod.POST)) {
            return notAllowed(request, "POST");
        }
        String type = request.headers().get(HttpHeaderNames.CONTENT_TYPE, "");
        if (!type.split(";", 2)[0].strip().equalsIgnoreCase(PROTOBUF)) {
            return error(
                    HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE,
                    "Content-Type: " + type + " (expected: " + PROTOBUF + ", of the protocol http/protobuf)");
        }
        try {
            long rejected =
                    metrics.accept(ExportMetricsServiceRequest.parseFrom(ByteBufUtil.getBytes(request.content())));
            return response(HttpResponseStatus.OK, PROTOBUF, accepted(rejected).toByteArray());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("body: malformed (expected: an ExportMetricsServiceRequest)", e);
        }
    }

    private static ExportMetricsServiceResponse accepted(long rejected) {
        return rejected == 0
                ? ExportMetricsServiceResponse.getDefaultInstance()
                : ExportMetricsServiceResponse.newBuilder()
                        .setPartialSuccess(ExportMetricsPartialSuccess.newBuilder()
                                .setRejectedDataPoints(rejected)
                                .setErrorMessage("more than " + OtlpTable.MAX_SERIES
                                        + " series, or histograms with too many or inconsistent buckets"))
                        .build();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.tacho.agent.record.StatsRecorder;
import java.util.ArrayList;
import java.util.List;

/** The hub over HTTP: the server API, and the way on to the WebSocket handshake. */
final class HubHttp extends SimpleChannelInboundHandler<FullHttpRequest> {

    static final String WEBSOCKET_PATH = "/connection/websocket";
    static final String API_PATH = "/api";

    private final HubRegistry registry;
    private final StatsRecorder recorder;

    HubHttp(HubRegistry registry, StatsRecorder recorder) {
        this.registry = registry;
        this.recorder = recorder;
    }

    /** Makes whole requests of what comes in; one that is too large for it counts as well. */
    static HttpObjectAggregator aggregator(StatsRecorder recorder) {
        return new HttpObjectAggregator(HubProtocol.MAX_MESSAGE_BYTES) {
            @Override
            protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized)
                    throws Exception {
                long start = System.nanoTime();
                super.handleOversizedMessage(context, oversized);
                if (oversized instanceof HttpRequest request && path(request).equals(API_PATH)) {
                    recorder.apiRequest(System.nanoTime() - start);
                }
            }
        };
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        switch (path(request)) {
            case WEBSOCKET_PATH -> context.fireChannelRead(request.retain());
            case API_PATH -> {
                long start = System.nanoTime();
                try {
                    respond(context, request, callApi(request));
                } finally {
                    recorder.apiRequest(System.nanoTime() - start);
                }
            }
            default ->
                respond(
                        context,
                        request,
                        response(HttpResponseStatus.NOT_FOUND, "{\"error\":\"no such page\"}".getBytes(UTF_8)));
        }
    }

    private FullHttpResponse callApi(FullHttpRequest request) {
        if (!request.method().equals(HttpMethod.POST)) {
            HubException rejection = new HubException(
                    HubException.BAD_REQUEST, "HTTP method: " + request.method() + " (expected: POST)");
            return response(HttpResponseStatus.METHOD_NOT_ALLOWED, HubProtocol.error(rejection));
        }
        try {
            return response(HttpResponseStatus.OK, publish(request.content()));
        } catch (HubException e) {
            return response(HttpResponseStatus.BAD_REQUEST, HubProtocol.error(e));
        }
    }

    /** Publishes all commands of a batch, or none if one is invalid. */
    private byte[] publish(ByteBuf content) throws HubException {
        List<HubCommand> commands = new ArrayList<>();
        HubProtocol.Message message = HubProtocol.readMessage(content);
        for (ObjectNode object : message.objects()) {
            commands.add(HubProtocol.readApiCommand(object));
        }
        commands.forEach(command -> registry.publish(command.subject(), command.data()));
        return HubProtocol.apiResults(commands.size(), message.array());
    }

    private static FullHttpResponse response(HttpResponseStatus status, byte[] json) {
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(json));
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
        HttpUtil.setContentLength(response, json.length);
        return response;
    }

    private static void respond(ChannelHandlerContext context, HttpRequest request, FullHttpResponse response) {
        boolean keepAlive =
                HttpUtil.isKeepAlive(request) && request.decoderResult().isSuccess();
        HttpUtil.setKeepAlive(response, keepAlive);
        ChannelFuture written = context.writeAndFlush(response);
        if (!keepAlive) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
    }

    private static String path(HttpRequest request) {
        String uri = request.uri();
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }
}

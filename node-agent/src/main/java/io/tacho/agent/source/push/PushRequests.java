// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.push;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.timeout.ReadTimeoutException;
import io.tacho.agent.source.NodeState;
import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import io.tacho.text.AllowedHosts;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Responds to {@code PUT /node}, {@code GET /node} and {@code POST /drain}. */
@Sharable
final class PushRequests extends SimpleChannelInboundHandler<FullHttpRequest> {

    private static final Logger logger = LoggerFactory.getLogger(PushRequests.class);

    private static final JsonMapper MAPPER = new JsonMapper();

    private final byte @Nullable [] key;
    private final AllowedHosts hosts;
    private final PushedNode node;
    private final Supplier<@Nullable NodeState> current;
    private final Runnable drain;

    PushRequests(PushSettings settings, PushedNode node, Supplier<@Nullable NodeState> current, Runnable drain) {
        key = settings.key() == null ? null : settings.key().getBytes(UTF_8);
        hosts = AllowedHosts.of(settings.listen(), settings.allowedHosts());
        this.node = node;
        this.current = current;
        this.drain = drain;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        FullHttpResponse response;
        try {
            response = respond(request);
        } catch (IllegalArgumentException e) {
            response = error(HttpResponseStatus.BAD_REQUEST, String.valueOf(e.getMessage()));
        }
        boolean keepAlive =
                HttpUtil.isKeepAlive(request) && request.decoderResult().isSuccess();
        HttpUtil.setKeepAlive(response, keepAlive);
        ChannelFuture written = context.writeAndFlush(response);
        if (!keepAlive) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
    }

    private FullHttpResponse respond(FullHttpRequest request) {
        if (!request.decoderResult().isSuccess()) {
            return error(HttpResponseStatus.BAD_REQUEST, "request: malformed (expected: HTTP/1.1)");
        }
        if (request.headers().contains(HttpHeaderNames.ORIGIN)) {
            // a page in a browser is not a local client
            return error(HttpResponseStatus.FORBIDDEN, "Origin: present (expected: none, browsers are not supported)");
        }
        String host = request.headers().get(HttpHeaderNames.HOST);
        if (host == null && request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
            return error(HttpResponseStatus.BAD_REQUEST, "Host: missing (expected: host or host:port)");
        }
        if (key == null && !hosts.allows(host)) {
            return error(HttpResponseStatus.MISDIRECTED_REQUEST, AllowedHosts.rejection(host));
        }
        if (!isAllowed(request)) {
            return error(HttpResponseStatus.UNAUTHORIZED, "X-API-Key: missing or wrong (expected: the key)");
        }
        QueryStringDecoder uri = new QueryStringDecoder(request.uri());
        return switch (uri.path()) {
            case "/node" -> node(request, uri.parameters());
            case "/drain" -> drain(request);
            default -> error(HttpResponseStatus.NOT_FOUND, "path: " + uri.path() + " (expected: /node or /drain)");
        };
    }

    private boolean isAllowed(FullHttpRequest request) {
        String sent = request.headers().get("X-API-Key", "");
        return key == null || MessageDigest.isEqual(key, sent.getBytes(UTF_8));
    }

    private FullHttpResponse node(FullHttpRequest request, Map<String, List<String>> query) {
        if (request.method().equals(HttpMethod.PUT)) {
            node.take(PushedFields.parse(ByteBufUtil.getBytes(request.content()), counters(query)));
            return response(HttpResponseStatus.NO_CONTENT, new byte[0]);
        }
        if (request.method().equals(HttpMethod.GET)) {
            NodeState state = current.get();
            return state == null
                    ? error(HttpResponseStatus.NOT_FOUND, "node: not pushed yet, or too long ago (expected: PUT /node)")
                    : response(HttpResponseStatus.OK, json(state));
        }
        return notAllowed(request, "GET, PUT");
    }

    private static @Nullable String counters(Map<String, List<String>> query) {
        query.forEach((name, values) -> {
            if (!name.equals("counters")) {
                throw new IllegalArgumentException("query: '" + name + "' (expected: counters)");
            }
            if (values.size() > 1) {
                throw new IllegalArgumentException("counters: given " + values.size() + " times (expected: once)");
            }
        });
        List<String> counters = query.get("counters");
        return counters == null ? null : counters.get(0);
    }

    private FullHttpResponse drain(FullHttpRequest request) {
        if (!request.method().equals(HttpMethod.POST)) {
            return notAllowed(request, "POST");
        }
        drain.run();
        return response(HttpResponseStatus.NO_CONTENT, new byte[0]);
    }

    private byte[] json(NodeState state) {
        ObjectNode body = MAPPER.createObjectNode();
        putFields(body.putObject("node"), state.snapshot());
        ObjectNode quality = body.putObject("quality");
        state.quality().byWireName().forEach((field, flag) -> quality.put(field, flag.label()));
        ObjectNode ages = body.putObject("age_ms");
        new TreeMap<>(node.ages()).forEach(ages::put);
        return write(body);
    }

    private static void putFields(ObjectNode json, NodeSnapshot snapshot) {
        for (Field field : Field.values()) {
            if (field.isNumber()) {
                json.put(field.wireName(), snapshot.number(field));
            } else {
                json.put(field.wireName(), snapshot.text(field));
            }
        }
    }

    private static FullHttpResponse notAllowed(FullHttpRequest request, String allowed) {
        FullHttpResponse response = error(
                HttpResponseStatus.METHOD_NOT_ALLOWED, "method: " + request.method() + " (expected: " + allowed + ")");
        response.headers().set(HttpHeaderNames.ALLOW, allowed);
        return response;
    }

    private static FullHttpResponse error(HttpResponseStatus status, String message) {
        ObjectNode body = MAPPER.createObjectNode();
        body.putObject("error").put("code", status.code()).put("message", message);
        return response(status, write(body));
    }

    private static FullHttpResponse response(HttpResponseStatus status, byte[] json) {
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(json));
        if (json.length > 0) {
            response.headers().set(HttpHeaderNames.CONTENT_TYPE, "application/json");
            HttpUtil.setContentLength(response, json.length);
        }
        return response;
    }

    private static byte[] write(ObjectNode json) {
        try {
            return MAPPER.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            // a tree of strings, longs and a record of them always has a JSON form
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof ReadTimeoutException)) {
            logger.debug("connection closed", cause);
        }
        context.close();
    }
}

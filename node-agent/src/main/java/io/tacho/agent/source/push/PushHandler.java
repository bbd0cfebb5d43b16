// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.push;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.timeout.ReadTimeoutException;
import io.tacho.text.AllowedHosts;
import io.tacho.text.HeaderText;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Responds to local clients that push: checks who sends a request before a subclass responds to it. */
public abstract class PushHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

    private static final Logger logger = LoggerFactory.getLogger(PushHandler.class);

    private static final JsonMapper MAPPER = new JsonMapper();

    private final byte @Nullable [] key;
    private final AllowedHosts hosts;

    /** Creates a handler with the key and the hosts of the settings. */
    protected PushHandler(PushSettings settings) {
        key = settings.key() == null ? null : settings.key().getBytes(UTF_8);
        hosts = AllowedHosts.of(settings.listen(), settings.allowedHosts());
    }

    /**
     * Returns the response to a request of an allowed client.
     *
     * @throws IllegalArgumentException if the request is invalid; its message is the response
     */
    protected abstract FullHttpResponse respond(FullHttpRequest request);

    @Override
    public final boolean isSharable() {
        return true;
    }

    @Override
    protected final void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        FullHttpResponse response;
        try {
            FullHttpResponse rejection = rejection(request);
            response = rejection == null ? respond(request) : rejection;
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

    private @Nullable FullHttpResponse rejection(FullHttpRequest request) {
        if (!request.decoderResult().isSuccess()) {
            Throwable cause = request.decoderResult().cause();
            if (cause instanceof TooLongHttpLineException) {
                return error(
                        HttpResponseStatus.REQUEST_URI_TOO_LONG,
                        "request line: too long (expected: at most " + PushServer.MAX_LINE + " bytes)");
            }
            if (cause instanceof TooLongHttpHeaderException) {
                return error(
                        HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
                        "headers: too long (expected: at most " + PushServer.MAX_HEADERS + " bytes)");
            }
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
        String sent = request.headers().get("X-API-Key", "");
        return key == null
                        || MessageDigest.isEqual(key, HeaderText.decoded(sent).getBytes(UTF_8))
                ? null
                : error(HttpResponseStatus.UNAUTHORIZED, "X-API-Key: missing or wrong (expected: the key)");
    }

    /** Returns the response to a method that is not among the allowed ones. */
    protected static FullHttpResponse notAllowed(FullHttpRequest request, String allowed) {
        FullHttpResponse response = error(
                HttpResponseStatus.METHOD_NOT_ALLOWED, "method: " + request.method() + " (expected: " + allowed + ")");
        response.headers().set(HttpHeaderNames.ALLOW, allowed);
        return response;
    }

    /** Returns a response with an error as JSON. */
    protected static FullHttpResponse error(HttpResponseStatus status, String message) {
        ObjectNode body = MAPPER.createObjectNode();
        body.putObject("error").put("code", status.code()).put("message", message);
        return json(status, body);
    }

    /** Returns a response with a JSON body. */
    static FullHttpResponse json(HttpResponseStatus status, ObjectNode body) {
        try {
            return response(status, "application/json", MAPPER.writeValueAsBytes(body));
        } catch (JsonProcessingException e) {
            // a tree of strings, longs and a record of them always has a JSON form
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a response with a body, which may be empty. */
    protected static FullHttpResponse response(HttpResponseStatus status, String contentType, byte[] body) {
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(body));
        if (status.code() != HttpResponseStatus.NO_CONTENT.code()) {
            response.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
            HttpUtil.setContentLength(response, body.length);
        }
        return response;
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof ReadTimeoutException)) {
            logger.debug("connection closed", cause);
        }
        context.close();
    }
}

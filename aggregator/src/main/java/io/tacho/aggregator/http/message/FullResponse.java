// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.tacho.aggregator.api.ApiJson;
import java.util.ArrayList;
import java.util.List;

/**
 * A response with its complete body; the server adds Date, Content-Length and Connection.
 *
 * @param headers in the order in which they are written
 * @param body a reference that the writer of the response releases
 * @param counted whether the response has Content-Length; otherwise the body is one chunk
 * @param close whether to close the connection afterwards
 */
public record FullResponse(
        HttpResponseStatus status, List<Header> headers, ByteBuf body, boolean counted, boolean close)
        implements Response {

    public static final Header JSON = new Header("Content-Type", "application/json");

    private static final List<Header> JSON_ONLY = List.of(JSON);
    private static final List<Header> TEXT = List.of(
            new Header("Content-Type", "text/plain; charset=utf-8"), new Header("X-Content-Type-Options", "nosniff"));

    public static FullResponse json(HttpResponseStatus status, byte[] body) {
        return json(status, Unpooled.wrappedBuffer(body));
    }

    public static FullResponse json(HttpResponseStatus status, ByteBuf body) {
        return new FullResponse(status, JSON_ONLY, body, true, false);
    }

    /** Returns plain text in the format of Go's {@code http.Error}. */
    public static FullResponse text(HttpResponseStatus status, String body) {
        return new FullResponse(status, TEXT, Unpooled.wrappedBuffer(body.getBytes(UTF_8)), true, false);
    }

    public static FullResponse of(HttpResponseStatus status, String contentType, byte[] body) {
        return of(status, contentType, Unpooled.wrappedBuffer(body));
    }

    public static FullResponse of(HttpResponseStatus status, String contentType, ByteBuf body) {
        return new FullResponse(status, List.of(new Header("Content-Type", contentType)), body, true, false);
    }

    public static FullResponse empty(HttpResponseStatus status) {
        return new FullResponse(status, List.of(), Unpooled.EMPTY_BUFFER, true, false);
    }

    public static FullResponse error(HttpResponseStatus status, String message) {
        return json(status, ApiJson.error(status.code(), message));
    }

    public static FullResponse error(RequestRejectedException rejected) {
        return error(rejected.status(), String.valueOf(rejected.getMessage()));
    }

    public FullResponse with(String header, String value) {
        List<Header> more = new ArrayList<>(headers);
        more.add(new Header(header, value));
        return new FullResponse(status, List.copyOf(more), body, counted, close);
    }

    public FullResponse closing() {
        return new FullResponse(status, headers, body, counted, true);
    }

    /** Returns this response without Content-Length. */
    public FullResponse uncounted() {
        return new FullResponse(status, headers, body, false, close);
    }
}

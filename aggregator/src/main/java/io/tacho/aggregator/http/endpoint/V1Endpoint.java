// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.endpoint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.tacho.aggregator.api.ApiKeys;
import io.tacho.aggregator.centrifugo.v1.GoForm;
import io.tacho.aggregator.centrifugo.v1.GoPath;
import io.tacho.aggregator.centrifugo.v1.V1Api;
import io.tacho.aggregator.http.cache.ResponseCache;
import io.tacho.aggregator.http.message.FullResponse;
import io.tacho.aggregator.http.message.Request;
import io.tacho.aggregator.http.message.RequestRejectedException;
import io.tacho.aggregator.http.message.Response;
import io.tacho.aggregator.http.routing.AccessControl;
import io.tacho.aggregator.http.routing.Endpoint;
import io.tacho.text.PercentEncoding;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/} and the paths below it: the transport of API v1. JSON is the body, with its signature in a header; everything else
 * is a form in the body or the query, with the members {@code data} and {@code sign}. The paths below belong to the methods of
 * later versions too: a request there without signature and form is not one of v1.
 */
final class V1Endpoint implements Endpoint {

    private static final String ROOT = "/api/";

    /** Longer responses have no Content-Length in Centrifugo. */
    private static final int MAX_COUNTED_BYTES = 2_048;

    /** The limit of a response to a batch that repeats {@code stats}. */
    private static final long MAX_BATCH_BYTES = 16 * 1024 * 1024;

    private final V1Api api;
    private final ResponseCache cache;
    private final AccessControl keys;

    V1Endpoint(V1Api api, ResponseCache cache, AccessControl keys) {
        this.api = api;
        this.keys = keys;
        this.cache = cache;
    }

    @Override
    public Response respond(Request request) {
        Response redirect = redirect(request);
        return redirect == null ? respond(request, () -> cache.acquire().body()) : redirect;
    }

    /** Responds to a path below {@code /api/} that is no method. */
    Response respondBelow(Request request) {
        return redirect(request) != null
                        || request.headers().contains("X-API-Sign")
                        || form(request).first("data").length > 0
                ? respond(request)
                : FullResponse.text(HttpResponseStatus.NOT_FOUND, "404 page not found\n");
    }

    /** Responds to paths that are below {@code /api/} after decoding and cleaning; returns null for all others. */
    @Nullable
    Response respondOrNull(Request request) {
        byte[] decoded = PercentEncoding.decodeBytes(request.path(), false);
        if (decoded == null || !GoPath.clean(new String(decoded, ISO_8859_1)).startsWith(ROOT)) {
            return null;
        }
        return respondBelow(request);
    }

    private static @Nullable Response redirect(Request request) {
        byte[] decoded = PercentEncoding.decodeBytes(request.path(), false);
        if (decoded == null) {
            throw new RequestRejectedException(
                    HttpResponseStatus.BAD_REQUEST,
                    "malformed path (expected: escapes of a percent sign and two hex digits)");
        }
        String path = new String(decoded, ISO_8859_1);
        String clean = GoPath.clean(path);
        if (clean.equals(path)) {
            return null;
        }
        if (clean.equals("/api")) {
            clean = ROOT;
        }
        String location = escaped(clean) + (request.rawQuery().isEmpty() ? "" : "?" + request.rawQuery());
        boolean reading = request.method().equals("GET") || request.isHead();
        String html = request.method().equals("GET")
                ? "<a href=\"" + location.replace("&", "&amp;").replace("\"", "&#34;") + "\">Moved Permanently</a>.\n\n"
                : "";
        FullResponse response = reading
                ? FullResponse.of(
                        HttpResponseStatus.MOVED_PERMANENTLY, "text/html; charset=utf-8", html.getBytes(ISO_8859_1))
                : FullResponse.empty(HttpResponseStatus.MOVED_PERMANENTLY);
        response = response.with("Location", location);
        return request.isHead() ? response.uncounted() : response;
    }

    private static String escaped(String path) {
        StringBuilder escaped = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c > ' ' && c < 0x7f && "\"%<>?#\\^`{|}".indexOf(c) < 0) {
                escaped.append(c);
            } else {
                escaped.append('%').append("%02X".formatted((int) c));
            }
        }
        return escaped.toString();
    }

    /** Responds with this body of {@code stats}. */
    FullResponse respond(Request request, Supplier<ByteBuf> stats) {
        ApiKeys current = keys.current();
        String contentType = request.headers().get("Content-Type", "");
        V1Api.Response response;
        if (contentType.toLowerCase(Locale.ROOT).startsWith("application/json")) {
            response = api.respond(request.body(), request.headers().get("X-API-Sign", ""), current);
        } else {
            GoForm form = form(request);
            response = api.respond(form.first("data"), new String(form.first("sign"), UTF_8), current);
        }
        return switch (response.status()) {
            case OK -> json(response, stats);
            case BAD_REQUEST -> badRequest();
            case UNAUTHORIZED -> {
                keys.countFailure(request);
                yield FullResponse.text(HttpResponseStatus.UNAUTHORIZED, "Unauthorized\n");
            }
        };
    }

    private static GoForm form(Request request) {
        return GoForm.of(
                request.method(),
                request.body(),
                request.rawQuery(),
                request.headers().get("Content-Type", ""));
    }

    private static FullResponse badRequest() {
        return FullResponse.text(HttpResponseStatus.BAD_REQUEST, "Bad Request\n");
    }

    private static FullResponse json(V1Api.Response response, Supplier<ByteBuf> stats) {
        ByteBuf body = response.shared() == 0
                ? Unpooled.wrappedBuffer(response.pieces().get(0))
                : withStats(response.pieces(), stats.get());
        if (body == null) {
            return badRequest();
        }
        FullResponse json = FullResponse.json(HttpResponseStatus.OK, body);
        return body.readableBytes() > MAX_COUNTED_BYTES ? json.uncounted() : json;
    }

    /** Puts the body of {@code stats} between the pieces, without a copy; null if the result is too large. */
    private static @Nullable ByteBuf withStats(List<byte[]> pieces, ByteBuf stats) {
        int times = pieces.size() - 1;
        if (times > 1 && (long) times * stats.readableBytes() > MAX_BATCH_BYTES) {
            stats.release();
            return null;
        }
        CompositeByteBuf body = Unpooled.compositeBuffer(2 * pieces.size());
        for (int i = 0; i < pieces.size(); i++) {
            if (i > 0) {
                body.addComponent(true, stats.retainedDuplicate());
            }
            body.addComponent(true, Unpooled.wrappedBuffer(pieces.get(i)));
        }
        stats.release();
        return body;
    }
}

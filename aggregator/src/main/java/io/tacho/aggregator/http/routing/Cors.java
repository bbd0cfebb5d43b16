// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.routing;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.tacho.aggregator.http.message.AsyncResponse;
import io.tacho.aggregator.http.message.CachedResponse;
import io.tacho.aggregator.http.message.FullResponse;
import io.tacho.aggregator.http.message.Request;
import io.tacho.aggregator.http.message.Response;
import io.tacho.aggregator.http.message.StreamingResponse;
import io.tacho.text.SettingErrors;
import io.tacho.text.Urls;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Cross-origin resource sharing: allows pages of the configured origins to read responses.
 *
 * @param origins e.g. {@code https://dash.example}; a star means any origin; none means no origin
 */
public record Cors(Set<String> origins) {

    private static final String ANY = "*";

    /** The origin of a page from a file or a sandbox. */
    private static final String OPAQUE = "null";

    private static final Pattern ORIGIN = Pattern.compile(
            "[a-z][a-z0-9+.-]*://(?:[a-z0-9._-]+|\\[[0-9a-f:.]+])(?::(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?");

    /** Returns whether the request is a preflight request. */
    public boolean isPreflight(Request request) {
        return request.method().equals("OPTIONS")
                && !origins.isEmpty()
                && request.headers().get(HttpHeaderNames.ORIGIN) != null
                && request.headers().get("Access-Control-Request-Method") != null;
    }

    public FullResponse preflight(Request request) {
        FullResponse response = FullResponse.empty(HttpResponseStatus.NO_CONTENT);
        if (allowed(request) == null) {
            return response;
        }
        return response.with("Access-Control-Allow-Methods", "GET, HEAD, POST")
                .with(
                        "Access-Control-Allow-Headers",
                        "Authorization, Content-Type, If-None-Match, Last-Event-ID, X-API-Key, X-API-Sign")
                .with("Access-Control-Max-Age", "600");
    }

    /** Returns the response with the headers that allow the origin of the request. */
    public Response allow(Request request, Response response) {
        String origin = allowed(request);
        if (origin == null) {
            return response;
        }
        if (response instanceof FullResponse whole) {
            return decorated(whole, origin);
        }
        if (response instanceof CachedResponse shared) {
            return decorated(shared.toFull(), origin);
        }
        if (response instanceof AsyncResponse later) {
            return new AsyncResponse(later.response().thenApply(whole -> decorated(whole, origin)));
        }
        if (response instanceof StreamingResponse stream) {
            return new StreamingResponse(
                    decorated(
                                    new FullResponse(
                                            HttpResponseStatus.OK,
                                            stream.headers(),
                                            Unpooled.EMPTY_BUFFER,
                                            true,
                                            false),
                                    origin)
                            .headers(),
                    stream.listener());
        }
        return response;
    }

    private static FullResponse decorated(FullResponse response, String origin) {
        FullResponse allowed = response.with("Access-Control-Allow-Origin", origin)
                .with("Access-Control-Expose-Headers", "ETag, X-Tacho-Stale-Ms, X-Tacho-Stale-Partitions");
        return origin.equals(ANY) ? allowed : allowed.with("Vary", "Origin");
    }

    private @Nullable String allowed(Request request) {
        String origin = request.headers().get(HttpHeaderNames.ORIGIN);
        if (origin == null) {
            return null;
        }
        return origins.contains(ANY) ? ANY : origins.contains(origin) ? origin : null;
    }

    /**
     * Returns the rules for origins.
     *
     * @throws IllegalArgumentException if one of them is in a form that no browser sends, and would never match
     */
    public static Cors of(List<String> origins) {
        SettingErrors errors = new SettingErrors();
        origins.forEach(origin -> errors.require(
                isOrigin(origin),
                () -> "cors-origin: '" + Urls.masked(origin)
                        + "' (expected: an origin as browsers send it, in lower case,"
                        + " without a path and a default port: https://dash.example; or *)"));
        errors.throwIfAny();
        return new Cors(Set.copyOf(origins));
    }

    private static boolean isOrigin(String origin) {
        return origin.equals(ANY)
                || origin.equals(OPAQUE)
                || (ORIGIN.matcher(origin).matches()
                        && !(origin.startsWith("http:") && origin.endsWith(":80"))
                        && !(origin.startsWith("https:") && origin.endsWith(":443")));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import static io.netty.handler.codec.http.HttpResponseStatus.BAD_REQUEST;
import static io.netty.handler.codec.http.HttpResponseStatus.METHOD_NOT_ALLOWED;
import static io.netty.handler.codec.http.HttpResponseStatus.NOT_FOUND;
import static io.netty.handler.codec.http.HttpResponseStatus.OK;
import static io.netty.handler.codec.http.HttpResponseStatus.SERVICE_UNAVAILABLE;
import static io.netty.handler.codec.http.HttpResponseStatus.UNAUTHORIZED;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.tacho.aggregator.api.ApiSecret;
import io.tacho.aggregator.api.ClusterResponse;
import io.tacho.aggregator.api.ReadyResponse;
import io.tacho.aggregator.api.StatsResponse;
import io.tacho.aggregator.api.V1Api;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which endpoint answers which path.
 *
 * <p>Thread safety: safe.
 */
final class HttpRouter {

    private static final byte[] HEALTHY = "{\"healthy\":true}".getBytes(UTF_8);

    private final Map<String, HttpEndpoint> endpoints = new TreeMap<>();

    /**
     * All endpoints of an aggregator.
     *
     * @param secret what the readers of {@code /stats} have to show; null leaves it open
     */
    HttpRouter(
            StatsResponse stats, V1Api v1, ReadyResponse ready, ClusterResponse cluster, @Nullable ApiSecret secret) {
        endpoints.put("/-/healthy", readOnly((request, uri) -> HttpAnswer.json(OK, HEALTHY)));
        endpoints.put(
                "/-/ready",
                readOnly((request, uri) -> HttpAnswer.json(ready.isReady() ? OK : SERVICE_UNAVAILABLE, ready.body())));
        endpoints.put("/stats", keyed(secret, readOnly((request, uri) -> stats(stats, ready))));
        endpoints.put("/cluster", keyed(secret, readOnly((request, uri) -> HttpAnswer.json(OK, cluster.body()))));
        endpoints.put("/api/", new V1Endpoint(v1));
    }

    /** The body is the original's; that it may be old stands beside it. */
    private static HttpAnswer stats(StatsResponse stats, ReadyResponse ready) {
        HttpAnswer answer = HttpAnswer.json(OK, stats.body());
        return ready.isReady() ? answer : answer.with("X-Tacho-Stale-Ms", Long.toString(ready.staleMillis()));
    }

    HttpAnswer answer(FullHttpRequest request) {
        QueryStringDecoder uri = new QueryStringDecoder(request.uri());
        String path;
        try {
            path = uri.path();
        } catch (IllegalArgumentException e) {
            return HttpAnswer.error(BAD_REQUEST, "malformed path (expected: %XX escapes in UTF-8)");
        }
        HttpEndpoint endpoint = endpoints.get(path);
        if (endpoint == null) {
            return HttpAnswer.error(
                    NOT_FOUND, "no such path (expected: one of " + String.join(", ", endpoints.keySet()) + ")");
        }
        return endpoint.answer(request, uri);
    }

    private static HttpEndpoint readOnly(HttpEndpoint endpoint) {
        return (request, uri) ->
                request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD)
                        ? endpoint.answer(request, uri)
                        : HttpAnswer.error(METHOD_NOT_ALLOWED, request.method() + " (expected: GET or HEAD)")
                                .with("Allow", "GET, HEAD");
    }

    private static HttpEndpoint keyed(@Nullable ApiSecret secret, HttpEndpoint endpoint) {
        if (secret == null) {
            return endpoint;
        }
        return (request, uri) -> secret.is(key(request))
                ? endpoint.answer(request, uri)
                : HttpAnswer.error(
                                UNAUTHORIZED,
                                "no key, or a wrong one (expected: X-API-Key: <key> or Authorization: apikey <key>)")
                        .with("WWW-Authenticate", "apikey");
    }

    private static @Nullable String key(FullHttpRequest request) {
        String key = request.headers().get("X-API-Key");
        String authorization = request.headers().get("Authorization");
        if (key == null && authorization != null && authorization.regionMatches(true, 0, "apikey ", 0, 7)) {
            return authorization.substring(7);
        }
        return key;
    }
}

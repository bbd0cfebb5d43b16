// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.routing;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.tacho.aggregator.http.message.AsyncResponse;
import io.tacho.aggregator.http.message.CachedResponse;
import io.tacho.aggregator.http.message.FullResponse;
import io.tacho.aggregator.http.message.Request;
import io.tacho.aggregator.http.message.RequestRejectedException;
import io.tacho.aggregator.http.message.Response;
import io.tacho.aggregator.metrics.HttpMetrics;
import io.tacho.text.AllowedHosts;
import io.tacho.text.PercentEncoding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The routes: for each path its endpoint, methods and required role.
 *
 * <p>Thread safety: safe once all routes are registered.
 */
public final class Router {

    /** A request with its endpoint and the counters of its responses. */
    public record Routed(Request request, Endpoint endpoint, HttpMetrics.Responses counts) {

        /** Returns the response, also to a request that fails, and counts it once its status is known. */
        public Response respond() {
            Response response = respondToFailures();
            if (response instanceof AsyncResponse later) {
                return new AsyncResponse(later.response()
                        .exceptionally(failure -> FailedResponse.of(request, failure))
                        .thenApply(this::counted));
            }
            if (response instanceof FullResponse whole) {
                return counted(whole);
            }
            HttpResponseStatus status =
                    response instanceof CachedResponse cached ? cached.status() : HttpResponseStatus.OK;
            counts.count(status.code());
            return response;
        }

        private Response respondToFailures() {
            try {
                return endpoint.respond(request);
            } catch (RuntimeException e) {
                return FailedResponse.of(request, e);
            }
        }

        private FullResponse counted(FullResponse response) {
            counts.count(response.status().code());
            return response;
        }
    }

    /** @param methods empty for all methods */
    private record Route(
            String pattern,
            List<String> segments,
            Role role,
            List<String> methods,
            Endpoint endpoint,
            HttpMetrics.Responses counts) {}

    private static final List<String> READING = List.of("GET", "HEAD");

    private final AccessControl keys;
    private final HttpMetrics metrics;
    private final HttpMetrics.Responses unrouted;
    private final Map<String, Route> exact = new HashMap<>();
    private final List<Route> patterns = new ArrayList<>();
    private Function<Request, @Nullable Response> otherwise = request -> null;

    public Router(AccessControl keys, HttpMetrics metrics) {
        this.keys = keys;
        this.metrics = metrics;
        unrouted = metrics.endpoint("");
    }

    /** Routes GET and HEAD. A part of the path in braces is a variable that matches any text, as does {@code {rest...}}. */
    public Router read(String pattern, Role role, Endpoint endpoint) {
        return add(pattern, role, READING, endpoint);
    }

    /** Routes GET without HEAD, whose result changes what the next one is. */
    public Router get(String pattern, Role role, Endpoint endpoint) {
        return add(pattern, role, List.of("GET"), endpoint);
    }

    /** Routes all methods; the endpoint checks the method. */
    public Router all(String pattern, Role role, Endpoint endpoint) {
        return add(pattern, role, List.of(), endpoint);
    }

    /** Routes POST, which changes something: with the admin key, also where reading needs no key. */
    public Router write(String pattern, Endpoint endpoint) {
        return add(
                pattern,
                Role.ADMIN,
                List.of("POST"),
                request -> keys.hasAdminKey()
                        ? endpoint.respond(request)
                        : FullResponse.error(
                                HttpResponseStatus.FORBIDDEN,
                                "this aggregator has no admin key (expected: TACHO_API_SECRET, so that only its holders change"
                                        + " anything)"));
    }

    /** Sets the fallback for paths without a route, which may return null. */
    public Router otherwise(Function<Request, @Nullable Response> fallback) {
        otherwise = fallback;
        return this;
    }

    private Router add(String pattern, Role role, List<String> methods, Endpoint endpoint) {
        Route route = new Route(pattern, segments(pattern), role, methods, endpoint, metrics.endpoint(pattern));
        if (pattern.indexOf('{') < 0) {
            exact.put(pattern, route);
        } else {
            patterns.add(route);
        }
        return this;
    }

    /** Returns the route of a request; a path without a route has an endpoint that rejects. */
    public Routed route(Request request) {
        if (!keys.allowsHost(request)) {
            return new Routed(request, Router::misdirected, unrouted);
        }
        Route found = exact.get(request.path());
        Request routed = request;
        if (found == null) {
            List<String> segments = segments(request.path());
            for (Route route : patterns) {
                Map<String, String> variables = match(route.segments(), segments);
                if (variables != null) {
                    found = route;
                    routed = request.withVariables(variables);
                    break;
                }
            }
        }
        if (found == null) {
            return new Routed(request, this::notFound, unrouted);
        }
        Route route = found;
        if (!route.methods().isEmpty() && !route.methods().contains(request.method())) {
            return new Routed(routed, unwanted -> notAllowed(unwanted, route.methods()), route.counts());
        }
        return new Routed(routed, guarded(route), route.counts());
    }

    private Endpoint guarded(Route route) {
        return request -> keys.admits(request, route.role())
                ? route.endpoint().respond(request)
                : FullResponse.error(
                                HttpResponseStatus.UNAUTHORIZED,
                                "no key, or a wrong one (expected: X-API-Key: <key> or Authorization: apikey <key>)")
                        .with("WWW-Authenticate", "apikey");
    }

    private static List<String> segments(String path) {
        return List.of(path.split("/", -1));
    }

    private static @Nullable Map<String, String> match(List<String> pattern, List<String> path) {
        Map<String, String> variables = new LinkedHashMap<>();
        for (int i = 0; i < pattern.size(); i++) {
            String part = pattern.get(i);
            if (i >= path.size()) {
                return null;
            }
            if (part.endsWith("...}")) {
                variables.put(part.substring(1, part.length() - 4), String.join("/", path.subList(i, path.size())));
                return variables;
            }
            if (part.startsWith("{")) {
                if (path.get(i).isEmpty()) {
                    return null;
                }
                variables.put(part.substring(1, part.length() - 1), decode(path.get(i)));
            } else if (!part.equals(path.get(i))) {
                return null;
            }
        }
        return pattern.size() == path.size() ? variables : null;
    }

    private static String decode(String segment) {
        String decoded = PercentEncoding.decode(segment, false);
        if (decoded == null) {
            throw malformedPath();
        }
        return decoded;
    }

    private static RequestRejectedException malformedPath() {
        return new RequestRejectedException(
                HttpResponseStatus.BAD_REQUEST, "malformed path (expected: escapes of two hex digits, UTF-8)");
    }

    private Response notFound(Request request) {
        Response response = otherwise.apply(request);
        if (response != null) {
            return response;
        }
        if (PercentEncoding.decode(request.path(), false) == null) {
            throw malformedPath();
        }
        throw new RequestRejectedException(
                HttpResponseStatus.NOT_FOUND, "no such path (expected: one of " + String.join(", ", paths()) + ")");
    }

    private Set<String> paths() {
        Set<String> paths = new TreeSet<>(exact.keySet());
        patterns.stream()
                .map(Route::pattern)
                .filter(pattern -> !pattern.endsWith("...}"))
                .forEach(paths::add);
        return paths;
    }

    /** Returns the patterns of all routes. */
    public Set<String> patterns() {
        Set<String> all = new TreeSet<>(exact.keySet());
        patterns.forEach(route -> all.add(route.pattern()));
        return all;
    }

    /** Rejects a host that is not allowed: in plain text where clients of Centrifugo v1 expect no JSON. */
    private static Response misdirected(Request request) {
        String message = AllowedHosts.rejection(request.headers().get("Host"));
        return request.path().startsWith("/api/")
                ? FullResponse.text(HttpResponseStatus.MISDIRECTED_REQUEST, message + "\n")
                : FullResponse.error(HttpResponseStatus.MISDIRECTED_REQUEST, message);
    }

    private static Response notAllowed(Request request, List<String> allowed) {
        return FullResponse.error(
                        HttpResponseStatus.METHOD_NOT_ALLOWED,
                        request.method() + " (expected: " + String.join(" or ", allowed) + ")")
                .with("Allow", String.join(", ", allowed));
    }
}

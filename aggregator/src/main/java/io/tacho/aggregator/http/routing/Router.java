// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.routing;

import io.tacho.aggregator.http.message.AsyncResponse;
import io.tacho.aggregator.http.message.FullResponse;
import io.tacho.aggregator.http.message.Request;
import io.tacho.aggregator.http.message.RequestRejectedException;
import io.tacho.aggregator.http.message.Response;
import io.tacho.aggregator.http.message.Status;
import io.tacho.aggregator.metrics.HttpMetrics;
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
 * Which endpoint answers which path, by which methods, and who may ask it.
 *
 * <p>Thread safety: safe once all routes are added.
 */
public final class Router {

    /** A request with the endpoint that answers it, and where its answers are counted. */
    public record Routed(Request request, Endpoint endpoint, HttpMetrics.Answers counts) {

        public Response respond() {
            try {
                Response answer = endpoint.respond(request);
                count(answer);
                return answer;
            } catch (RequestRejectedException e) {
                counts.count(e.status().code());
                throw e;
            } catch (RuntimeException e) {
                counts.count(Status.INTERNAL_SERVER_ERROR.code());
                throw e;
            }
        }

        private void count(Response answer) {
            if (answer instanceof AsyncResponse later) {
                later.answer()
                        .whenComplete((whole, failure) -> counts.count(
                                failure == null ? whole.status().code() : Status.INTERNAL_SERVER_ERROR.code()));
            } else {
                Status status = answer instanceof FullResponse whole ? whole.status() : Status.OK;
                counts.count(status.code());
            }
        }
    }

    /** @param methods empty for all of them */
    private record Route(
            String pattern,
            List<String> segments,
            Role role,
            List<String> methods,
            Endpoint endpoint,
            HttpMetrics.Answers counts) {}

    private static final List<String> READING = List.of("GET", "HEAD");

    private final AccessControl keys;
    private final HttpMetrics metrics;
    private final HttpMetrics.Answers unrouted;
    private final Map<String, Route> exact = new HashMap<>();
    private final List<Route> patterns = new ArrayList<>();
    private Function<Request, @Nullable Response> otherwise = request -> null;

    public Router(AccessControl keys, HttpMetrics metrics) {
        this.keys = keys;
        this.metrics = metrics;
        unrouted = metrics.endpoint("");
    }

    /** Endpoints GET and HEAD. A part of the path in braces matches any text and is a variable; so is {@code {rest...}}. */
    public Router read(String pattern, Role role, Endpoint endpoint) {
        return add(pattern, role, READING, endpoint);
    }

    /** Endpoints the given methods; HEAD is not added. */
    public Router on(String pattern, Role role, List<String> methods, Endpoint endpoint) {
        return add(pattern, role, methods, endpoint);
    }

    /** Endpoints all methods: the endpoint tells which it takes. */
    public Router all(String pattern, Role role, Endpoint endpoint) {
        return add(pattern, role, List.of(), endpoint);
    }

    /** Asks, where no route matches; null if there is no answer either. */
    public Router otherwise(Function<Request, @Nullable Response> lastResort) {
        otherwise = lastResort;
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

    /** Finds who answers; that nobody does is an answer too. */
    public Routed route(Request request) {
        Route found = exact.get(request.path());
        Request asked = request;
        if (found == null) {
            List<String> segments = segments(request.path());
            for (Route route : patterns) {
                Map<String, String> variables = match(route.segments(), segments);
                if (variables != null) {
                    found = route;
                    asked = request.withVariables(variables);
                    break;
                }
            }
        }
        if (found == null) {
            return new Routed(request, this::notFound, unrouted);
        }
        Route route = found;
        if (!route.methods().isEmpty() && !route.methods().contains(request.method())) {
            return new Routed(asked, unwanted -> notAllowed(unwanted, route.methods()), route.counts());
        }
        return new Routed(asked, keys.guard(route.role(), route.endpoint()), route.counts());
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
                Status.BAD_REQUEST, "malformed path (expected: escapes of two hex digits, UTF-8)");
    }

    private Response notFound(Request request) {
        Response answer = otherwise.apply(request);
        if (answer != null) {
            return answer;
        }
        if (PercentEncoding.decode(request.path(), false) == null) {
            throw malformedPath();
        }
        throw new RequestRejectedException(
                Status.NOT_FOUND, "no such path (expected: one of " + String.join(", ", paths()) + ")");
    }

    private Set<String> paths() {
        Set<String> paths = new TreeSet<>(exact.keySet());
        patterns.stream()
                .map(Route::pattern)
                .filter(pattern -> !pattern.endsWith("...}"))
                .forEach(paths::add);
        return paths;
    }

    /** All routes there are. */
    public Set<String> patterns() {
        Set<String> all = new TreeSet<>(exact.keySet());
        patterns.forEach(route -> all.add(route.pattern()));
        return all;
    }

    private static Response notAllowed(Request request, List<String> allowed) {
        return FullResponse.error(
                        Status.METHOD_NOT_ALLOWED,
                        request.method() + " (expected: " + String.join(" or ", allowed) + ")")
                .with("Allow", String.join(", ", allowed));
    }
}

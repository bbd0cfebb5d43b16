// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import io.tacho.aggregator.http.message.Request;
import io.tacho.aggregator.http.message.Response;
import io.tacho.aggregator.http.routing.Cors;
import io.tacho.aggregator.http.routing.FailedResponse;
import io.tacho.aggregator.http.routing.Router;
import org.jspecify.annotations.Nullable;

/**
 * Maps the requests of one connection to responses, with every failure as a response too. It remembers the last route,
 * because clients that poll repeat their request.
 *
 * <p>Thread safety: confined to the connection's event loop.
 */
final class Dispatcher {

    private final Router router;
    private final Cors cors;
    private @Nullable Request lastRequest;
    private Router.@Nullable Routed lastRouted;

    Dispatcher(Router router, Cors cors) {
        this.router = router;
        this.cors = cors;
    }

    Response respond(Request request) {
        return cors.allow(request, respondWithoutCors(request));
    }

    private Response respondWithoutCors(Request request) {
        try {
            return cors.isPreflight(request)
                    ? cors.preflight(request)
                    : route(request).respond();
        } catch (RuntimeException e) {
            return FailedResponse.of(request, e);
        }
    }

    /** The decoder returns the same object for a repeated request. */
    @SuppressWarnings("ReferenceEquality")
    private Router.Routed route(Request request) {
        Router.Routed routed = lastRouted;
        if (routed == null || lastRequest != request) {
            routed = router.route(request);
            lastRouted = routed;
            lastRequest = request;
        }
        return routed;
    }
}

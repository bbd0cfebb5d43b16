// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.tacho.aggregator.http.message.FullResponse;
import io.tacho.aggregator.http.message.Request;
import io.tacho.aggregator.http.message.RequestRejectedException;
import io.tacho.aggregator.http.message.Response;
import io.tacho.aggregator.http.routing.Cors;
import io.tacho.aggregator.http.routing.Router;
import io.tacho.concurrent.Failures;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Maps the requests of one connection to responses, with every failure as a response too. It remembers the last route,
 * because clients that poll repeat their request.
 *
 * <p>Thread safety: confined to the connection's event loop.
 */
final class Dispatcher {

    private static final Logger logger = LoggerFactory.getLogger(Dispatcher.class);

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
        } catch (RequestRejectedException e) {
            return FullResponse.error(e);
        } catch (RuntimeException e) {
            logger.error("{} {} failed", request.method(), request.path(), e);
            return internalError();
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

    /** Returns the response to a request whose asynchronous response failed. */
    static FullResponse failed(Request request, Throwable failure) {
        Throwable cause = Failures.unwrap(failure);
        if (cause instanceof RequestRejectedException rejected) {
            return FullResponse.error(rejected);
        }
        logger.error("{} {} failed", request.method(), request.path(), cause);
        return internalError();
    }

    private static FullResponse internalError() {
        return FullResponse.error(HttpResponseStatus.INTERNAL_SERVER_ERROR, "internal error; the log has the details")
                .closing();
    }
}

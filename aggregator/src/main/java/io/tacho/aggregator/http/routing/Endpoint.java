// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.routing;

import io.tacho.aggregator.http.message.Request;
import io.tacho.aggregator.http.message.RequestRejectedException;
import io.tacho.aggregator.http.message.Response;

/** Handles the requests for one path. It runs on the event loop, so it must not block. */
public interface Endpoint {

    /**
     * Returns the response to a request.
     *
     * @throws RequestRejectedException to respond with an error as JSON
     */
    Response respond(Request request);
}

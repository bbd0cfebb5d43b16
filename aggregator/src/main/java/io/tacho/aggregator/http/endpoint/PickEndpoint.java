// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.endpoint;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.tacho.aggregator.api.QueryParameters;
import io.tacho.aggregator.http.message.FullResponse;
import io.tacho.aggregator.http.message.Request;
import io.tacho.aggregator.http.message.RequestRejectedException;
import io.tacho.aggregator.http.message.Response;
import io.tacho.aggregator.http.routing.Endpoint;
import io.tacho.aggregator.placement.NoEligibleNodeException;
import io.tacho.aggregator.placement.PickResponse;

/** {@code /pick}: nodes for a new client. */
final class PickEndpoint implements Endpoint {

    private final PickResponse pick;

    PickEndpoint(PickResponse pick) {
        this.pick = pick;
    }

    @Override
    public Response respond(Request request) {
        return FullResponse.json(HttpResponseStatus.OK, request.query(this::body))
                .with("Cache-Control", "no-store");
    }

    private byte[] body(QueryParameters query) {
        try {
            return pick.body(query);
        } catch (NoEligibleNodeException e) {
            throw new RequestRejectedException(HttpResponseStatus.SERVICE_UNAVAILABLE, String.valueOf(e.getMessage()));
        }
    }
}

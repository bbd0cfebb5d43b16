// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.endpoint;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.tacho.aggregator.http.message.AsyncResponse;
import io.tacho.aggregator.http.message.FullResponse;
import io.tacho.aggregator.http.message.Request;
import io.tacho.aggregator.http.message.Response;
import io.tacho.aggregator.http.routing.Endpoint;
import io.tacho.aggregator.placement.DrainService;
import io.tacho.store.NodeCommand.Action;

/** {@code POST /nodes/<uid>/drain} and {@code /undrain}: the response waits for the node. */
final class DrainEndpoint implements Endpoint {

    private final DrainService service;
    private final Action action;

    DrainEndpoint(DrainService service, Action action) {
        this.service = service;
        this.action = action;
    }

    @Override
    public Response respond(Request request) {
        return new AsyncResponse(service.send(UidParameter.of(request), action)
                .thenApply(result -> FullResponse.json(HttpResponseStatus.valueOf(result.status()), result.body())
                        .with("Cache-Control", "no-store")));
    }
}

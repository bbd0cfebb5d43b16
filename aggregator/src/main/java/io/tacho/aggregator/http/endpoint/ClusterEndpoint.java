// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.endpoint;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.tacho.aggregator.api.ClusterResponse;
import io.tacho.aggregator.api.ComparisonResponse;
import io.tacho.aggregator.api.QueryParameters;
import io.tacho.aggregator.http.message.AsyncResponse;
import io.tacho.aggregator.http.message.FullResponse;
import io.tacho.aggregator.http.message.Request;
import io.tacho.aggregator.http.message.Response;
import io.tacho.aggregator.http.routing.Endpoint;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** {@code /cluster}: all nodes together, or compared by a property. */
final class ClusterEndpoint implements Endpoint {

    private static final Set<String> PARAMETERS = Set.of("by");

    private final ClusterResponse cluster;
    private final ComparisonResponse comparison;

    ClusterEndpoint(ClusterResponse cluster, ComparisonResponse comparison) {
        this.cluster = cluster;
        this.comparison = comparison;
    }

    @Override
    public Response respond(Request request) {
        return new AsyncResponse(request.query(this::body)
                .thenApply(body -> FullResponse.json(HttpResponseStatus.OK, body))
                .exceptionally(BusyResponse::of));
    }

    private CompletionStage<byte[]> body(QueryParameters query) {
        query.requireKnown(PARAMETERS);
        String by = query.single("by");
        return by == null ? cluster.body() : comparison.body(by);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.endpoint;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.tacho.aggregator.api.ClusterResponse;
import io.tacho.aggregator.api.ComparisonResponse;
import io.tacho.aggregator.api.QueryParameters;
import io.tacho.aggregator.api.history.PastClusterResponse;
import io.tacho.aggregator.http.message.AsyncResponse;
import io.tacho.aggregator.http.message.FullResponse;
import io.tacho.aggregator.http.message.Request;
import io.tacho.aggregator.http.message.Response;
import io.tacho.aggregator.http.routing.Endpoint;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** {@code /cluster}: all nodes together, compared by a property, or at a past time. */
final class ClusterEndpoint implements Endpoint {

    private static final Set<String> PARAMETERS = Set.of("by", "at");

    private final ClusterResponse cluster;
    private final ComparisonResponse comparison;
    private final PastClusterResponse past;

    ClusterEndpoint(ClusterResponse cluster, ComparisonResponse comparison, PastClusterResponse past) {
        this.cluster = cluster;
        this.comparison = comparison;
        this.past = past;
    }

    @Override
    public Response respond(Request request) {
        return new AsyncResponse(request.query(this::body)
                .thenApply(body -> body.map(json -> FullResponse.json(HttpResponseStatus.OK, json))
                        .orElseGet(() ->
                                FullResponse.error(HttpResponseStatus.NOT_FOUND, "nothing is stored of that time")))
                .exceptionally(BusyResponse::of));
    }

    private CompletionStage<Optional<byte[]>> body(QueryParameters query) {
        query.requireKnown(PARAMETERS);
        String by = query.single("by");
        String at = query.single("at");
        if (at != null && by != null) {
            throw new IllegalArgumentException("at: given together with by (expected: one of them)");
        }
        if (at != null) {
            return past.body(past.at(at));
        }
        return (by == null ? cluster.body() : comparison.body(by)).thenApply(Optional::of);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.endpoint;

import io.tacho.aggregator.api.HistoryQuery;
import io.tacho.aggregator.api.HistoryResponse;
import io.tacho.aggregator.http.message.AsyncResponse;
import io.tacho.aggregator.http.message.FullResponse;
import io.tacho.aggregator.http.message.Request;
import io.tacho.aggregator.http.message.Response;
import io.tacho.aggregator.http.routing.Endpoint;

/** {@code /history}. */
final class HistoryEndpoint implements Endpoint {

    private final HistoryResponse history;

    HistoryEndpoint(HistoryResponse history) {
        this.history = history;
    }

    @Override
    public Response respond(Request request) {
        HistoryQuery query = request.query(history::query);
        return new AsyncResponse(history.body(query)
                .thenApply(body -> withStaleness(ConditionalJson.of(request, body)))
                .exceptionally(BusyResponse::of));
    }

    /** The body is the same from every aggregator; how old it may be is a header. */
    private FullResponse withStaleness(FullResponse response) {
        long stale = history.staleMillis();
        return stale == 0 ? response : response.with("X-Tacho-Stale-Ms", Long.toString(stale));
    }
}

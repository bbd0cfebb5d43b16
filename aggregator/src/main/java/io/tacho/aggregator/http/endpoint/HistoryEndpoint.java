// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.endpoint;

import io.tacho.aggregator.api.history.HistoryQuery;
import io.tacho.aggregator.api.history.HistoryResponse;
import io.tacho.aggregator.api.history.TableFormat;
import io.tacho.aggregator.api.history.UsageQuery;
import io.tacho.aggregator.api.history.UsageResponse;
import io.tacho.aggregator.http.message.AsyncResponse;
import io.tacho.aggregator.http.message.FullResponse;
import io.tacho.aggregator.http.message.Request;
import io.tacho.aggregator.http.message.Response;

/** {@code /history} and {@code /usage}, as JSON, CSV or lines of JSON. */
final class HistoryEndpoint {

    private final HistoryResponse history;
    private final UsageResponse usage;

    HistoryEndpoint(HistoryResponse history, UsageResponse usage) {
        this.history = history;
        this.usage = usage;
    }

    /** Responds to {@code /history}. */
    Response history(Request request) {
        HistoryQuery query = request.query(history::query);
        TableFormat format = format(request);
        return new AsyncResponse(history.body(query, format)
                .thenApply(body -> withStaleness(ConditionalJson.of(request, body, format.contentType())))
                .exceptionally(BusyResponse::of));
    }

    /** Responds to {@code /usage}. */
    Response usage(Request request) {
        UsageQuery query = request.query(usage::query);
        TableFormat format = format(request);
        return new AsyncResponse(usage.body(query, format)
                .thenApply(body -> ConditionalJson.of(request, body, format.contentType()))
                .exceptionally(BusyResponse::of));
    }

    private static TableFormat format(Request request) {
        return TableFormat.of(String.join(",", request.headers().getAll("Accept")));
    }

    /** The body is the same from every aggregator; how old it may be is a header. */
    private FullResponse withStaleness(FullResponse response) {
        long stale = history.staleMillis();
        return stale == 0 ? response : response.with("X-Tacho-Stale-Ms", Long.toString(stale));
    }
}

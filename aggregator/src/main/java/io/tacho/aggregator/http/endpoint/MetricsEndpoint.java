// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.endpoint;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.tacho.aggregator.api.QueryParameters;
import io.tacho.aggregator.http.message.AsyncResponse;
import io.tacho.aggregator.http.message.FullResponse;
import io.tacho.aggregator.http.message.Gzip;
import io.tacho.aggregator.http.message.Request;
import io.tacho.aggregator.http.message.Response;
import io.tacho.aggregator.http.routing.Endpoint;
import io.tacho.aggregator.metrics.FamilySelection;
import io.tacho.aggregator.metrics.MetricsFormat;
import io.tacho.aggregator.metrics.MetricsPage;
import java.nio.ByteBuffer;
import java.util.Set;

/** {@code /metrics}: in the format that the client accepts, of all families or of some. */
final class MetricsEndpoint implements Endpoint {

    private static final String NODES = "nodes";
    private static final String NAMES = "name[]";

    private final MetricsPage page;

    MetricsEndpoint(MetricsPage page) {
        this.page = page;
    }

    @Override
    public Response respond(Request request) {
        FamilySelection selection = request.rawQuery().isEmpty() ? FamilySelection.ALL : request.query(this::selection);
        MetricsFormat format =
                MetricsFormat.of(String.join(",", request.headers().getAll("Accept")));
        boolean gzip = Gzip.isAcceptedBy(request.headers());
        return new AsyncResponse(page.page(new MetricsPage.Request(format, gzip, selection))
                .thenApply(body -> response(format, gzip, body))
                .exceptionally(BusyResponse::of));
    }

    private FamilySelection selection(QueryParameters query) {
        query.requireKnown(Set.of(NODES, NAMES));
        String nodes = query.single(NODES);
        if (nodes != null && !nodes.equals("0") && !nodes.equals("1")) {
            throw new IllegalArgumentException("nodes: '" + QueryParameters.shown(nodes) + "' (expected: 0 or 1)");
        }
        return page.select(!"0".equals(nodes), query.all(NAMES));
    }

    private static FullResponse response(MetricsFormat format, boolean gzip, ByteBuffer body) {
        FullResponse response = FullResponse.of(
                        HttpResponseStatus.OK, format.contentType(), Unpooled.wrappedBuffer(body))
                .with("Vary", "Accept, Accept-Encoding");
        return gzip ? response.with("Content-Encoding", "gzip") : response;
    }
}

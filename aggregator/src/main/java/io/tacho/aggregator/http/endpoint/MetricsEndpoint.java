// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.endpoint;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.tacho.aggregator.http.message.AsyncResponse;
import io.tacho.aggregator.http.message.FullResponse;
import io.tacho.aggregator.http.message.Gzip;
import io.tacho.aggregator.http.message.Request;
import io.tacho.aggregator.http.message.Response;
import io.tacho.aggregator.http.routing.Endpoint;
import io.tacho.aggregator.metrics.MetricsPage;
import io.tacho.aggregator.metrics.MetricsPage.Format;

/** {@code /metrics}: the page that Prometheus scrapes, in the format that the client accepts. */
final class MetricsEndpoint implements Endpoint {

    private final MetricsPage page;

    MetricsEndpoint(MetricsPage page) {
        this.page = page;
    }

    @Override
    public Response respond(Request request) {
        Format format = Format.of(String.join(",", request.headers().getAll("Accept")));
        return Gzip.isAcceptedBy(request.headers())
                ? new AsyncResponse(page.zippedPage(format)
                        .thenApply(body -> response(format, body).with("Content-Encoding", "gzip")))
                : new AsyncResponse(page.page(format).thenApply(body -> response(format, body)));
    }

    private static FullResponse response(Format format, byte[] body) {
        return FullResponse.of(HttpResponseStatus.OK, format.contentType(), body)
                .with("Vary", "Accept, Accept-Encoding");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.endpoint;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.tacho.aggregator.dashboard.Dashboard;
import io.tacho.aggregator.dashboard.DashboardFile;
import io.tacho.aggregator.http.message.AsyncResponse;
import io.tacho.aggregator.http.message.ETag;
import io.tacho.aggregator.http.message.FullResponse;
import io.tacho.aggregator.http.message.Gzip;
import io.tacho.aggregator.http.message.Header;
import io.tacho.aggregator.http.message.Request;
import io.tacho.aggregator.http.message.RequestRejectedException;
import io.tacho.aggregator.http.message.Response;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** The page at {@code /} and its assets. They contain no secrets: the page requires a key before it requests data. */
final class DashboardEndpoints {

    /** Scripts and styles only from this server, no HTML from text, no frames, no requests to other servers. */
    private static final String POLICY = String.join(
            "; ",
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'");

    private static final List<Header> PAGE = List.of(
            new Header("Cache-Control", "no-cache"),
            new Header("Content-Security-Policy", POLICY),
            new Header("Referrer-Policy", "no-referrer"),
            new Header("Cross-Origin-Opener-Policy", "same-origin"));

    private static final List<Header> FOR_EVER =
            List.of(new Header("Cache-Control", "public, max-age=31536000, immutable"));

    private final CompletableFuture<Dashboard> dashboard;

    DashboardEndpoints(CompletableFuture<Dashboard> dashboard) {
        this.dashboard = dashboard;
    }

    Response page(Request request) {
        return respond(dashboard -> response(request, dashboard.page(), dashboard.version(), PAGE));
    }

    Response file(Request request) {
        String version = request.variable("version");
        String name = request.variable("file");
        return respond(dashboard -> response(
                request,
                dashboard
                        .file(version, name)
                        .orElseThrow(() -> new RequestRejectedException(
                                HttpResponseStatus.NOT_FOUND,
                                "no such file (expected: an asset of the page of this version)")),
                dashboard.version() + "-" + name,
                FOR_EVER));
    }

    /** Right after the start the response waits for the page, without its event loop. */
    private Response respond(Function<Dashboard, FullResponse> toResponse) {
        return dashboard.isDone()
                ? toResponse.apply(dashboard.join())
                : new AsyncResponse(dashboard.thenApply(toResponse));
    }

    private static FullResponse response(Request request, DashboardFile file, String tag, List<Header> headers) {
        ETag etag = new ETag('"' + tag + '"');
        boolean compressed = Gzip.isAcceptedBy(request.headers());
        FullResponse response = etag.isIn(String.join(",", request.headers().getAll("If-None-Match")))
                ? FullResponse.empty(HttpResponseStatus.NOT_MODIFIED)
                : file(file, compressed);
        response =
                response.with("ETag", compressed ? etag.gzip() : etag.plain()).with("Vary", "Accept-Encoding");
        for (Header header : headers) {
            response = response.with(header.name(), header.value());
        }
        return response;
    }

    private static FullResponse file(DashboardFile file, boolean compressed) {
        FullResponse response = FullResponse.of(
                        HttpResponseStatus.OK, file.contentType(), compressed ? file.compressed() : file.body())
                .with("X-Content-Type-Options", "nosniff");
        return compressed ? response.with("Content-Encoding", "gzip") : response;
    }
}

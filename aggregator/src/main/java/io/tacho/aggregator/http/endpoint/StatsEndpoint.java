// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.endpoint;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.concurrent.FastThreadLocal;
import io.tacho.aggregator.api.ReadyResponse;
import io.tacho.aggregator.http.cache.Lease;
import io.tacho.aggregator.http.cache.ResponseCache;
import io.tacho.aggregator.http.message.AsyncResponse;
import io.tacho.aggregator.http.message.CachedResponse;
import io.tacho.aggregator.http.message.FullResponse;
import io.tacho.aggregator.http.message.Gzip;
import io.tacho.aggregator.http.message.Header;
import io.tacho.aggregator.http.message.Request;
import io.tacho.aggregator.http.message.Response;
import io.tacho.aggregator.http.routing.Endpoint;
import io.tacho.aggregator.view.ViewStatus;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /stats}: from the response cache, compressed if the client accepts it, or 304 if the client has the body. */
final class StatsEndpoint implements Endpoint {

    private static final Header REVALIDATE = new Header("Cache-Control", "no-cache");
    private static final Header VARY = new Header("Vary", "Accept-Encoding");

    /**
     * The responses that an event loop reuses, with heads of its own and the shared body. They are kept until the loop's next request,
     * so only small ones are: idle loops would retain large bodies as slow clients do.
     */
    private record Ready(Lease lease, CachedResponse response, CachedResponse notModified) {}

    private final ResponseCache cache;
    private final ReadyResponse ready;
    private final FastThreadLocal<@Nullable Ready> reused = new FastThreadLocal<>() {
        @Override
        protected void onRemoval(@Nullable Ready last) {
            if (last != null) {
                last.response().release();
                last.notModified().releaseHead();
            }
        }
    };

    StatsEndpoint(ResponseCache cache, ReadyResponse ready) {
        this.cache = cache;
        this.ready = ready;
    }

    @Override
    public Response respond(Request request) {
        Response response =
                request.rawQuery().isEmpty() ? complete(request) : respond(request, cache.acquire(request), false);
        ViewStatus status = ready.status();
        if (status.isComplete()) {
            return response;
        }
        if (response instanceof CachedResponse cached) {
            return withStaleness(cached.toFull(), status);
        }
        if (response instanceof AsyncResponse async) {
            return new AsyncResponse(async.response().thenApply(full -> withStaleness(full, status)));
        }
        return response instanceof FullResponse full ? withStaleness(full, status) : response;
    }

    /** The body has the format of Centrifugo, so its age, and what share of the nodes it concerns, are headers. */
    private static FullResponse withStaleness(FullResponse response, ViewStatus status) {
        return response.with("X-Tacho-Stale-Ms", Long.toString(status.staleFor().toMillis()))
                .with("X-Tacho-Stale-Partitions", status.disconnected() + "/" + status.partitions());
    }

    private Response complete(Request request) {
        Ready known = reused.get();
        Lease lease = cache.acquireIfNewer(known == null ? null : known.lease());
        if (lease != null) {
            reused.remove();
            if (lease.body().readableBytes() > CachedResponse.MAX_BYTES) {
                return respond(request, lease, true);
            }
            known = ready(lease);
            reused.set(known);
        } else if (known == null) {
            throw new IllegalStateException("no lease");
        }
        if (isUnchanged(request, known.lease())) {
            return known.notModified();
        }
        return isCompressed(request, known.lease()) ? cache.compressed(StatsEndpoint::compressed) : known.response();
    }

    /** Returns the response to one request; takes over the lease. */
    private Response respond(Request request, Lease lease, boolean complete) {
        List<Header> headers = headers(lease.tag().plain(), false);
        if (isUnchanged(request, lease)) {
            lease.release();
            return new FullResponse(
                    HttpResponseStatus.NOT_MODIFIED,
                    headers.subList(1, headers.size()),
                    Unpooled.EMPTY_BUFFER,
                    true,
                    false);
        }
        if (complete && isCompressed(request, lease)) {
            lease.release();
            return cache.compressed(StatsEndpoint::compressed);
        }
        return new FullResponse(HttpResponseStatus.OK, headers, lease.body().duplicate(), true, false);
    }

    private static boolean isUnchanged(Request request, Lease lease) {
        String match = request.headers().get(HttpHeaderNames.IF_NONE_MATCH);
        return match != null && lease.tag().isIn(match);
    }

    private static boolean isCompressed(Request request, Lease lease) {
        return lease.body().readableBytes() >= Gzip.MIN_BYTES && Gzip.isAcceptedBy(request.headers());
    }

    private static FullResponse compressed(Lease lease) {
        return new FullResponse(
                HttpResponseStatus.OK,
                headers(lease.tag().gzip(), true),
                lease.body().duplicate(),
                true,
                false);
    }

    private static Ready ready(Lease lease) {
        List<Header> headers = headers(lease.tag().plain(), false);
        return new Ready(
                lease,
                new CachedResponse(HttpResponseStatus.OK, headers, lease.body()),
                new CachedResponse(
                        HttpResponseStatus.NOT_MODIFIED, headers.subList(1, headers.size()), Unpooled.EMPTY_BUFFER));
    }

    private static List<Header> headers(String tag, boolean gzip) {
        List<Header> headers = new ArrayList<>();
        headers.add(FullResponse.JSON);
        if (gzip) {
            headers.add(new Header("Content-Encoding", "gzip"));
        }
        headers.add(new Header("ETag", tag));
        headers.add(REVALIDATE);
        headers.add(VARY);
        return List.copyOf(headers);
    }
}

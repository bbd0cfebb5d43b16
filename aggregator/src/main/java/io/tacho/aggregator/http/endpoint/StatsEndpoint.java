// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.endpoint;

import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.FastThreadLocal;
import io.tacho.aggregator.api.ReadyResponse;
import io.tacho.aggregator.http.cache.CachedBody.Version;
import io.tacho.aggregator.http.cache.ResponseCache;
import io.tacho.aggregator.http.message.CachedResponse;
import io.tacho.aggregator.http.message.FullResponse;
import io.tacho.aggregator.http.message.Gzip;
import io.tacho.aggregator.http.message.Headers;
import io.tacho.aggregator.http.message.Request;
import io.tacho.aggregator.http.message.Response;
import io.tacho.aggregator.http.message.Status;
import io.tacho.aggregator.http.routing.Endpoint;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /stats}: from shared bodies, compressed where that is wanted and pays, or not at all where the client has them. */
final class StatsEndpoint implements Endpoint {

    private static final Headers.Field REVALIDATE = new Headers.Field("Cache-Control", "no-cache");
    private static final Headers.Field VARY = new Headers.Field("Vary", "Accept-Encoding");

    /** What an event loop has at hand: the same answers again, with heads of its own to the shared body. */
    private record Cached(Version version, CachedResponse answer, CachedResponse notModified) {}

    private final ResponseCache bodies;
    private final ReadyResponse ready;
    private final FastThreadLocal<@Nullable Cached> cached = new FastThreadLocal<>() {
        @Override
        protected void onRemoval(@Nullable Cached last) {
            if (last != null) {
                last.answer().release();
                last.notModified().releaseHead();
            }
        }
    };

    StatsEndpoint(ResponseCache bodies, ReadyResponse ready) {
        this.bodies = bodies;
        this.ready = ready;
    }

    @Override
    public Response respond(Request request) {
        Response answer = request.rawQuery().isEmpty() ? whole(request) : part(request);
        if (ready.isReady()) {
            return answer;
        }
        // the body is the original's; that it may be old stands beside it
        String stale = Long.toString(ready.staleMillis());
        if (answer instanceof CachedResponse shared) {
            return shared.whole().with("X-Tacho-Stale-Ms", stale);
        }
        return answer instanceof FullResponse whole ? whole.with("X-Tacho-Stale-Ms", stale) : answer;
    }

    private Response whole(Request request) {
        Cached now = current();
        String match = request.headers().first("If-None-Match");
        if (match != null && now.version().tag().isIn(match)) {
            return now.notModified();
        }
        if (now.version().body().readableBytes() >= Gzip.MIN_BYTES && Gzip.isAcceptedBy(request.headers())) {
            return bodies.gzip().answer(StatsEndpoint::compressed);
        }
        return now.answer();
    }

    private static FullResponse compressed(Version version) {
        return new FullResponse(
                Status.OK, headers(version.tag().gzip(), true), version.body().duplicate(), true, false);
    }

    private Cached current() {
        Cached known = cached.get();
        Version version = bodies.whole().acquireIfNewer(known == null ? null : known.version());
        if (version == null) {
            if (known == null) {
                throw new IllegalStateException("no version at all");
            }
            return known;
        }
        if (known != null) {
            bodies.lingering().release(known.version().body());
            known.answer().releaseHead();
            known.notModified().releaseHead();
        }
        List<Headers.Field> headers = headers(version.tag().plain(), false);
        Cached fresh = new Cached(
                version,
                new CachedResponse(Status.OK, headers, version.body()),
                new CachedResponse(Status.NOT_MODIFIED, headers.subList(1, headers.size()), Unpooled.EMPTY_BUFFER));
        cached.set(fresh);
        return fresh;
    }

    private Response part(Request request) {
        Version version = bodies.acquire(request);
        List<Headers.Field> headers = headers(version.tag().plain(), false);
        String match = request.headers().first("If-None-Match");
        if (match != null && version.tag().isIn(match)) {
            version.body().release();
            return new FullResponse(
                    Status.NOT_MODIFIED, headers.subList(1, headers.size()), Unpooled.EMPTY_BUFFER, true, false);
        }
        return new FullResponse(Status.OK, headers, version.body().duplicate(), true, false);
    }

    private static List<Headers.Field> headers(String tag, boolean gzip) {
        List<Headers.Field> headers = new ArrayList<>();
        headers.add(FullResponse.JSON);
        if (gzip) {
            headers.add(new Headers.Field("Content-Encoding", "gzip"));
        }
        headers.add(new Headers.Field("ETag", tag));
        headers.add(REVALIDATE);
        headers.add(VARY);
        return List.copyOf(headers);
    }
}

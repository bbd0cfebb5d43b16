// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.FastThreadLocal;
import io.tacho.aggregator.api.ReadyResponse;
import io.tacho.aggregator.http.SharedBody.Version;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /stats}: from shared bodies, compressed where that is wanted and pays, or not at all where the client has them. */
final class StatsEndpoint implements Endpoint {

    private static final Headers.Field REVALIDATE = new Headers.Field("Cache-Control", "no-cache");
    private static final Headers.Field VARY = new Headers.Field("Vary", "Accept-Encoding");

    /** What an event loop has at hand: the same answers again, with heads of its own to the shared body. */
    private record Cached(Version version, SharedAnswer answer, SharedAnswer notModified) {}

    private final StatsBodies bodies;
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

    StatsEndpoint(StatsBodies bodies, ReadyResponse ready) {
        this.bodies = bodies;
        this.ready = ready;
    }

    @Override
    public Answer answer(Request request) {
        Answer answer = request.rawQuery().isEmpty() ? whole(request) : part(request);
        if (ready.isReady()) {
            return answer;
        }
        // the body is the original's; that it may be old stands beside it
        String stale = Long.toString(ready.staleMillis());
        if (answer instanceof SharedAnswer shared) {
            return shared.whole().with("X-Tacho-Stale-Ms", stale);
        }
        return answer instanceof WholeAnswer whole ? whole.with("X-Tacho-Stale-Ms", stale) : answer;
    }

    private Answer whole(Request request) {
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

    private static WholeAnswer compressed(Version version) {
        return new WholeAnswer(
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
                new SharedAnswer(Status.OK, headers, version.body()),
                new SharedAnswer(Status.NOT_MODIFIED, headers.subList(1, headers.size()), Unpooled.EMPTY_BUFFER));
        cached.set(fresh);
        return fresh;
    }

    private Answer part(Request request) {
        Version version = bodies.acquire(request);
        List<Headers.Field> headers = headers(version.tag().plain(), false);
        String match = request.headers().first("If-None-Match");
        if (match != null && version.tag().isIn(match)) {
            version.body().release();
            return new WholeAnswer(
                    Status.NOT_MODIFIED, headers.subList(1, headers.size()), Unpooled.EMPTY_BUFFER, true, false);
        }
        return new WholeAnswer(Status.OK, headers, version.body().duplicate(), true, false);
    }

    private static List<Headers.Field> headers(String tag, boolean gzip) {
        List<Headers.Field> headers = new ArrayList<>();
        headers.add(WholeAnswer.JSON);
        if (gzip) {
            headers.add(new Headers.Field("Content-Encoding", "gzip"));
        }
        headers.add(new Headers.Field("ETag", tag));
        headers.add(REVALIDATE);
        headers.add(VARY);
        return List.copyOf(headers);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.cache;

import io.netty.util.concurrent.DefaultThreadFactory;
import io.tacho.aggregator.api.StatsQuery;
import io.tacho.aggregator.api.StatsResponse;
import io.tacho.aggregator.http.message.FullResponse;
import io.tacho.aggregator.http.message.Request;
import io.tacho.aggregator.http.message.RequestRejectedException;
import io.tacho.aggregator.http.message.Response;
import io.tacho.concurrent.DaemonThreads;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The cache of the bodies of {@code /stats}: the complete one, its compressed form, and those of recent queries.
 *
 * <p><b>Problem.</b> The body of a large cluster has megabytes, changes with every heartbeat, and is requested by thousands of
 * connections. A copy for each request would cost more than everything else that an aggregator does, and a new body for each
 * change would be thrown away unread.
 *
 * <p><b>Design.</b> A body exists once, in direct memory, from which the kernel sends it. Requests share it by reference
 * counting: {@link #acquire()} returns a {@link Lease}, and the bytes are freed with the last lease. A body is built only when
 * it is requested and the view has changed. Building a small body costs less than coordinating, so small bodies are always
 * current. A large body counts as fresh for 25 ms. For 10 ms after that, requests still get the last body while one executor
 * builds the next one; a client that polls without pause never waits. Later requests build the next body themselves, so that a
 * client that polls once a second never gets an old one. A body is written into the memory of one that has no readers any more.
 *
 * <p><b>Invariants.</b>
 *
 * <ol>
 *   <li>The bytes of a lease never change. A new version is a new buffer; nothing writes to a published one
 *       before its last lease has ended.
 *   <li>The cache holds exactly one reference to each current body, and each lease holds one. References are taken under the
 *       lock under which the cache drops its own, so a lease never refers to freed memory.
 *   <li>A body is at most 35 ms older than the view at the time of the request, plus the time that building takes. While one
 *       request builds it after a pause, others wait for it if the last one has been out of date for more than 100 ms.
 *   <li>Replaced bodies that slow clients still read are bounded in sum by {@link RetainedBodyBudget}.
 * </ol>
 *
 * <p><b>Why this is correct.</b> Freshness is decided by two volatile reads, of the current lease and of the view's version; a
 * wrong decision in a race returns a body that was current when the request arrived, which invariant 3 allows. At most one
 * thread builds a body, because building requires a lock that the others only try to take when they have an older body to
 * return. The builder publishes under the lock of invariant 2, and releases the body at once if the cache has been closed.
 *
 * <p>Each event loop keeps its lease on a small body and the encoded response between requests ({@link #acquireIfNewer}), so the
 * usual request takes no lock, allocates nothing and copies nothing. A large body is leased for one request at a time.
 *
 * <p>Thread safety: safe.
 */
public final class ResponseCache implements AutoCloseable {

    /** Pollers repeat their query, so a few bodies serve them all. */
    private static final int MAX_QUERIES = 16;

    private final StatsResponse stats;
    private final LongSupplier nanoTime;
    private final RetainedBodyBudget budget;
    private final ExecutorService builder =
            Executors.newSingleThreadExecutor(new DefaultThreadFactory("tacho-bodies", true));
    private final CachedBody complete;
    private final CachedGzip gzip;
    private final Map<String, CachedBody> byQuery = new LinkedHashMap<>(MAX_QUERIES, 0.75f, true);

    /**
     * Creates an empty cache.
     *
     * @param nanoTime monotonic clock
     */
    public ResponseCache(StatsResponse stats, LongSupplier nanoTime) {
        this.stats = stats;
        this.nanoTime = nanoTime;
        budget = new RetainedBodyBudget(nanoTime);
        complete = new CachedBody(stats, null, budget, builder, nanoTime);
        gzip = new CachedGzip(complete, nanoTime, DaemonThreads.scheduler("tacho-gzip"));
    }

    /** Returns a lease on the complete body. */
    public Lease acquire() {
        return complete.acquire();
    }

    /** Returns a lease on the complete body, or null if the known lease is still fresh. */
    public @Nullable Lease acquireIfNewer(@Nullable Lease known) {
        return complete.acquireIfNewer(known);
    }

    /**
     * Returns a lease on the body of the request's query.
     *
     * @throws RequestRejectedException if a parameter is invalid
     */
    public Lease acquire(Request request) {
        synchronized (byQuery) {
            CachedBody body = byQuery.get(request.rawQuery());
            if (body == null) {
                body = new CachedBody(stats, request.query(StatsQuery::new), budget, builder, nanoTime);
                byQuery.put(request.rawQuery(), body);
                if (byQuery.size() > MAX_QUERIES) {
                    var eldest = byQuery.values().iterator();
                    eldest.next().close();
                    eldest.remove();
                }
            }
            return body.acquire();
        }
    }

    /**
     * Returns a response with the complete body compressed: at once, or when it is compressed.
     *
     * @param toResponse makes the response; it takes over the lease
     */
    public Response compressed(Function<Lease, FullResponse> toResponse) {
        return gzip.respond(toResponse);
    }

    /** Returns whether slow clients retain so much memory that they get less time. */
    public boolean isCrowded() {
        return budget.isCrowded();
    }

    @Override
    public void close() {
        builder.shutdown();
        complete.close();
        gzip.close();
        synchronized (byQuery) {
            byQuery.values().forEach(CachedBody::close);
            byQuery.clear();
        }
        budget.close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.cache;

import io.netty.util.concurrent.DefaultThreadFactory;
import io.tacho.aggregator.api.StatsQuery;
import io.tacho.aggregator.api.StatsResponse;
import io.tacho.aggregator.http.message.Request;
import io.tacho.aggregator.http.message.RequestRejectedException;
import io.tacho.aggregator.http.message.Status;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;

/**
 * The bodies of {@code /stats}: the whole one, and those of the queries that were asked lately.
 *
 * <p>Thread safety: safe.
 */
public final class ResponseCache implements AutoCloseable {

    /** Of so many queries the bodies are kept: pollers ask the same thing again and again. */
    private static final int KEPT_QUERIES = 16;

    private final StatsResponse stats;
    private final LongSupplier nanoTime;
    private final RetainedBodyBudget lingering = new RetainedBodyBudget();
    private final ExecutorService maker =
            Executors.newSingleThreadExecutor(new DefaultThreadFactory("tacho-bodies", true));
    private final CachedGzip gzip;
    private final CachedBody whole;
    private final Map<String, CachedBody> byQuery = new LinkedHashMap<>(KEPT_QUERIES, 0.75f, true);

    public ResponseCache(StatsResponse stats, LongSupplier nanoTime) {
        this.stats = stats;
        this.nanoTime = nanoTime;
        whole = new CachedBody(stats, null, lingering, new BodyFiles(lingering, nanoTime), maker, nanoTime);
        gzip = new CachedGzip(whole, nanoTime);
    }

    public CachedBody whole() {
        return whole;
    }

    /** The whole one, compressed. */
    public CachedGzip gzip() {
        return gzip;
    }

    public RetainedBodyBudget lingering() {
        return lingering;
    }

    /** Whether slow readers hold so many outdated bodies that they get less time. */
    public boolean isCrowded() {
        return lingering.isCrowded();
    }

    /**
     * The version of a query's body, with a reference to it.
     *
     * @throws RequestRejectedException if a parameter cannot be
     */
    public CachedBody.Version acquire(Request request) {
        synchronized (byQuery) {
            CachedBody body = byQuery.get(request.rawQuery());
            if (body == null) {
                body = new CachedBody(stats, parse(request), lingering, null, maker, nanoTime);
                byQuery.put(request.rawQuery(), body);
                if (byQuery.size() > KEPT_QUERIES) {
                    var eldest = byQuery.values().iterator();
                    eldest.next().close();
                    eldest.remove();
                }
            }
            return body.acquire();
        }
    }

    private static StatsQuery parse(Request request) {
        try {
            return StatsQuery.of(request.query().values());
        } catch (IllegalArgumentException e) {
            throw new RequestRejectedException(Status.BAD_REQUEST, String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void close() {
        maker.shutdown();
        whole.close();
        gzip.close();
        synchronized (byQuery) {
            byQuery.values().forEach(CachedBody::close);
            byQuery.clear();
        }
    }
}

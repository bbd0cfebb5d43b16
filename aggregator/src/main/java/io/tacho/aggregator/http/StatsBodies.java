// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import io.netty.util.concurrent.DefaultThreadFactory;
import io.tacho.aggregator.api.StatsQuery;
import io.tacho.aggregator.api.StatsResponse;
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
final class StatsBodies implements AutoCloseable {

    /** Of so many queries the bodies are kept: pollers ask the same thing again and again. */
    private static final int KEPT_QUERIES = 16;

    private final StatsResponse stats;
    private final LongSupplier nanoTime;
    private final Lingering lingering = new Lingering();
    private final ExecutorService maker =
            Executors.newSingleThreadExecutor(new DefaultThreadFactory("tacho-bodies", true));
    private final SharedGzip gzip;
    private final SharedBody whole;
    private final Map<String, SharedBody> byQuery = new LinkedHashMap<>(KEPT_QUERIES, 0.75f, true);

    StatsBodies(StatsResponse stats, LongSupplier nanoTime) {
        this.stats = stats;
        this.nanoTime = nanoTime;
        whole = new SharedBody(stats, null, lingering, new BodyFiles(lingering, nanoTime), maker, nanoTime);
        gzip = new SharedGzip(whole, nanoTime);
    }

    SharedBody whole() {
        return whole;
    }

    /** The whole one, compressed. */
    SharedGzip gzip() {
        return gzip;
    }

    Lingering lingering() {
        return lingering;
    }

    /**
     * The version of a query's body, with a reference to it.
     *
     * @throws RefusedException if a parameter cannot be
     */
    SharedBody.Version acquire(Request request) {
        synchronized (byQuery) {
            SharedBody body = byQuery.get(request.rawQuery());
            if (body == null) {
                body = new SharedBody(stats, parse(request), lingering, null, maker, nanoTime);
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
            throw new RefusedException(Status.BAD_REQUEST, String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void close() {
        maker.shutdown();
        whole.close();
        gzip.close();
        synchronized (byQuery) {
            byQuery.values().forEach(SharedBody::close);
            byQuery.clear();
        }
    }
}

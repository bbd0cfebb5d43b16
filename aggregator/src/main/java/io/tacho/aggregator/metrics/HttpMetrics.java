// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the HTTP server does and has done since its start.
 *
 * <p>Thread safety: safe.
 */
public final class HttpMetrics {

    /**
     * Requests that are alike.
     *
     * @param endpoint the route that answered; empty where none did
     * @param statusClass 2 for 2xx
     */
    record Kind(String endpoint, int statusClass) {}

    private final Map<Kind, LongAdder> requests = new ConcurrentHashMap<>();
    private final AtomicInteger connections = new AtomicInteger();

    /**
     * A request was answered.
     *
     * @param endpoint one of few: the route, never the path; empty where there is none
     */
    public void answered(String endpoint, int status) {
        requests.computeIfAbsent(new Kind(endpoint, status / 100), first -> new LongAdder())
                .increment();
    }

    /** A connection was accepted. */
    public void opened() {
        connections.incrementAndGet();
    }

    /** A connection that was accepted is gone. */
    public void closed() {
        connections.decrementAndGet();
    }

    Map<Kind, LongAdder> requests() {
        return requests;
    }

    int connections() {
        return connections.get();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * The metrics of the HTTP server since its start.
 *
 * <p>Thread safety: safe.
 */
public final class HttpMetrics {

    /** The requests that one endpoint has served, by the class of the status: 2 for 2xx. */
    public static final class Responses {

        private static final int CLASSES = 6;

        private final LongAdder[] byClass =
                Stream.generate(LongAdder::new).limit(CLASSES).toArray(LongAdder[]::new);

        private Responses() {}

        public void count(int status) {
            byClass[status / 100].increment();
        }

        long count(StatusClass statusClass) {
            return byClass[statusClass.digit].sum();
        }
    }

    enum StatusClass {
        SUCCESS(2),
        REDIRECTION(3),
        CLIENT_ERROR(4),
        SERVER_ERROR(5);

        private final int digit;

        StatusClass(int digit) {
            this.digit = digit;
        }

        /** As {@code 2xx}. */
        String label() {
            return digit + "xx";
        }
    }

    private final Map<String, Responses> responses = new ConcurrentHashMap<>();
    private final AtomicInteger connections = new AtomicInteger();

    /**
     * Returns the response counters of an endpoint.
     *
     * @param endpoint one of few: the route, never the path; empty for requests that no route takes
     */
    public Responses endpoint(String endpoint) {
        return responses.computeIfAbsent(endpoint, first -> new Responses());
    }

    /** A connection was accepted. */
    public void opened() {
        connections.incrementAndGet();
    }

    /** A connection that was accepted is gone. */
    public void closed() {
        connections.decrementAndGet();
    }

    Map<String, Responses> responses() {
        return responses;
    }

    int connections() {
        return connections.get();
    }
}

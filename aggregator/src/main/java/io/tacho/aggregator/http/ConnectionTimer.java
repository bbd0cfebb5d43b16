// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import java.util.concurrent.TimeUnit;

/**
 * The event that a connection waits for, and since when. The time runs from the start of waiting, not from the last byte.
 *
 * <p>Thread safety: confined to the connection's event loop.
 */
final class ConnectionTimer {

    enum Event {
        /** The first byte of a request. */
        REQUEST,
        END_OF_HEAD,
        END_OF_BODY,
        /** An asynchronous response. */
        RESPONSE,
        /** The client has read the response. */
        RESPONSE_TAKEN,
        /** The end of the client's input, which is discarded. */
        END,
        /** Nothing: there is no timeout. */
        NONE
    }

    private static final long PRESSURE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Timeouts timeouts;
    private Event event = Event.NONE;
    private long startNanos;

    ConnectionTimer(Timeouts timeouts) {
        this.timeouts = timeouts;
    }

    Event event() {
        return event;
    }

    void waitFor(Event awaited) {
        if (event != awaited) {
            event = awaited;
            startNanos = System.nanoTime();
        }
    }

    /** Restarts the time, even if the connection waits for the same event again. */
    void restart() {
        event = Event.NONE;
    }

    /** Returns whether the timeout is exceeded; slow readers of a response have less time under memory pressure. */
    boolean isOver(long nowNanos, boolean memoryPressure) {
        long limit = memoryPressure && event == Event.RESPONSE_TAKEN ? PRESSURE_NANOS : limitNanos();
        return nowNanos - startNanos > limit;
    }

    private long limitNanos() {
        return switch (event) {
            case REQUEST -> timeouts.idle().toNanos();
            case END_OF_HEAD -> timeouts.head().toNanos();
            case END_OF_BODY -> timeouts.body().toNanos();
            case RESPONSE -> timeouts.response().toNanos();
            case RESPONSE_TAKEN -> timeouts.responseTaken().toNanos();
            case END -> timeouts.inputEnd().toNanos();
            case NONE -> Long.MAX_VALUE;
        };
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import java.util.concurrent.TimeUnit;

/**
 * What a connection waits for, and until when: the time runs from when it begins to wait, not from the last byte.
 *
 * <p>Thread safety: the connection's event loop's.
 */
final class ConnectionTimer {

    enum Event {
        /** The first byte of a request. */
        REQUEST,
        END_OF_HEAD,
        END_OF_BODY,
        /** An answer that is worked on elsewhere. */
        ANSWER,
        ANSWER_TAKEN,
        /** The end of what the client sends, when nothing of it is looked at any more. */
        END,
        /** Without a limit. */
        NOTHING
    }

    private static final long HURRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Timeouts patience;
    private Event event = Event.NOTHING;
    private long startNanos;

    ConnectionTimer(Timeouts patience) {
        this.patience = patience;
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

    /** Something was achieved: the same event is waited for anew. */
    void restart() {
        event = Event.NOTHING;
    }

    /** Whether it has taken too long; who takes an answer slowly has less time in a hurry. */
    boolean isOver(long nowNanos, boolean hurry) {
        long limit = hurry && event == Event.ANSWER_TAKEN ? HURRY_NANOS : limitNanos();
        return nowNanos - startNanos > limit;
    }

    private long limitNanos() {
        return switch (event) {
            case REQUEST -> patience.idle().toNanos();
            case END_OF_HEAD -> patience.head().toNanos();
            case END_OF_BODY -> patience.body().toNanos();
            case ANSWER -> patience.working().toNanos();
            case ANSWER_TAKEN -> patience.taking().toNanos();
            case END -> patience.lingering().toNanos();
            case NOTHING -> Long.MAX_VALUE;
        };
    }
}

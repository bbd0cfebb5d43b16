// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Closes the connections of one event loop that have exceeded a timeout. One periodic task checks all of them, so a request only
 * stores a time.
 *
 * <p>Thread safety: confined to the event loop.
 */
final class TimeoutSweep {

    private static final long INTERVAL_MILLIS = 250;

    private final Set<HttpConnection> connections = new LinkedHashSet<>();
    private final EventLoop eventLoop;
    private final BooleanSupplier memoryPressure;
    private boolean running;

    TimeoutSweep(EventLoop eventLoop, BooleanSupplier memoryPressure) {
        this.eventLoop = eventLoop;
        this.memoryPressure = memoryPressure;
    }

    void add(HttpConnection connection) {
        connections.add(connection);
        if (!running) {
            running = true;
            schedule();
        }
    }

    void remove(HttpConnection connection) {
        connections.remove(connection);
    }

    private void schedule() {
        eventLoop.schedule(this::check, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void check() {
        long now = System.nanoTime();
        List<HttpConnection> late = new ArrayList<>();
        for (HttpConnection connection : connections) {
            if (connection.isLate(now, memoryPressure.getAsBoolean())) {
                late.add(connection);
            }
        }
        late.forEach(HttpConnection::expire);
        running = !connections.isEmpty();
        if (running) {
            schedule();
        }
    }
}

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
 * Looks from time to time for connections of one event loop that have taken too long. One task for all of them: what has to
 * be done for each request is to note a time.
 *
 * <p>Thread safety: the event loop's.
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

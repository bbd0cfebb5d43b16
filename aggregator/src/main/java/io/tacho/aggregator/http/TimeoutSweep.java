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
 * Ends the connections and exchanges of one event loop that have exceeded a timeout. One periodic task checks all of them, so a request only
 * stores a time.
 *
 * <p>Thread safety: confined to the event loop.
 */
final class TimeoutSweep {

    private static final long INTERVAL_MILLIS = 250;

    private final Set<Timed> connections = new LinkedHashSet<>();
    private final EventLoop eventLoop;
    private final BooleanSupplier memoryPressure;
    private boolean running;

    TimeoutSweep(EventLoop eventLoop, BooleanSupplier memoryPressure) {
        this.eventLoop = eventLoop;
        this.memoryPressure = memoryPressure;
    }

    void add(Timed connection) {
        connections.add(connection);
        if (!running) {
            running = true;
            schedule();
        }
    }

    void remove(Timed connection) {
        connections.remove(connection);
    }

    private void schedule() {
        eventLoop.schedule(this::check, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void check() {
        long now = System.nanoTime();
        List<Timed> late = new ArrayList<>();
        for (Timed connection : connections) {
            if (connection.isLate(now, memoryPressure.getAsBoolean())) {
                late.add(connection);
            }
        }
        late.forEach(Timed::expire);
        running = !connections.isEmpty();
        if (running) {
            schedule();
        }
    }
}

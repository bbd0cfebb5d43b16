// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.record;

import io.tacho.concurrent.RateLimitedLog;
import io.tacho.model.Extra;
import io.tacho.model.Extras;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The counters of a host's own events, by name.
 *
 * <p>Thread safety: any thread counts; one at a time takes intervals.
 */
final class EventCounters {

    private static final Logger logger = LoggerFactory.getLogger(EventCounters.class);
    private static final EventCounter NOTHING = count -> {};

    private final Map<String, IntervalCounter> counters = new ConcurrentHashMap<>();
    private final RateLimitedLog log = new RateLimitedLog(System::nanoTime);

    EventCounter get(String name) {
        IntervalCounter known = counters.get(name);
        return known != null ? known : added(name);
    }

    private synchronized EventCounter added(String name) {
        try {
            Extras.requireName(name);
            if (counters.size() >= Extras.MAX_EXTRAS && !counters.containsKey(name)) {
                throw new IllegalArgumentException(
                        "more than " + Extras.MAX_EXTRAS + " counters (expected: at most " + Extras.MAX_EXTRAS + ")");
            }
            return counters.computeIfAbsent(name, first -> new IntervalCounter());
        } catch (IllegalArgumentException e) {
            // a host's events must not fail because of their name
            if (log.isDue("counter")) {
                logger.warn("a counter of the host is not published: {}", e.getMessage());
            }
            return NOTHING;
        }
    }

    /** Returns what was counted since the last call. */
    Extras takeInterval() {
        if (counters.isEmpty()) {
            return Extras.NONE;
        }
        Map<String, Extra> interval = new TreeMap<>();
        counters.forEach((name, counter) ->
                interval.put(name, Extra.counter(counter.takeInterval(), IntervalRecorder.wrapped(counter.total()))));
        return new Extras(interval);
    }
}

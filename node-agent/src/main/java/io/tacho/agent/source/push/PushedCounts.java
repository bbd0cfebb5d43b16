// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.push;

import io.tacho.agent.record.RecordedInterval;
import java.util.HashMap;
import java.util.Map;

/**
 * What pushes have told of that can be added up over windows: of what a node counted in an interval of its own every push once,
 * however often it is passed on, and of totals what they grew by.
 *
 * <p>Thread safety: guarded by whoever has it.
 */
final class PushedCounts {

    /** So that sums of many do not overflow: 3 years of one request after the other. */
    private static final long MOST = 100_000_000_000_000_000L;

    private final Map<String, Long> open = new HashMap<>();
    private RecordedInterval last = RecordedInterval.EMPTY;

    /** Takes the numbers of an interval of the node's own. */
    void add(Map<String, Long> interval) {
        for (String counter : PushedFields.COUNTERS) {
            add(counter, interval.getOrDefault(counter, 0L));
        }
        add("time_api_sum", product(interval, "time_api_mean", "num_api_requests"));
        add("time_client_sum", product(interval, "time_client_mean", "num_client_requests"));
        open.merge("time_api_max", interval.getOrDefault("time_api_max", 0L), Math::max);
        open.merge("time_client_max", interval.getOrDefault("time_client_max", 0L), Math::max);
    }

    private void add(String field, long count) {
        open.merge(field, count, Long::sum);
    }

    private static long product(Map<String, Long> interval, String mean, String count) {
        long nanos = interval.getOrDefault(mean, 0L);
        long requests = interval.getOrDefault(count, 0L);
        // what no node can have spent is cut
        return requests > 0 && nanos > MOST / requests ? MOST : nanos * requests;
    }

    /** A window ends. */
    void endWindow(Map<String, Long> grown) {
        grown.forEach(this::add);
        last = new RecordedInterval(
                ofWindow("num_msg_published"),
                ofWindow("num_msg_queued"),
                ofWindow("num_msg_sent"),
                ofWindow("num_api_requests"),
                ofWindow("num_client_requests"),
                ofWindow("bytes_client_in"),
                ofWindow("bytes_client_out"),
                ofWindow("time_api_sum"),
                ofWindow("time_client_sum"),
                0,
                0,
                ofWindow("time_api_max"),
                ofWindow("time_client_max"));
        open.clear();
    }

    private long ofWindow(String field) {
        return open.getOrDefault(field, 0L);
    }

    /** What the last window had. */
    RecordedInterval last() {
        return last;
    }

    void forget() {
        open.clear();
        last = RecordedInterval.EMPTY;
    }
}

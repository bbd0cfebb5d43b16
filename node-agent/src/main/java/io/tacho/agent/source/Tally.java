// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source;

import io.tacho.model.NodeSnapshot;
import io.tacho.model.Quality;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Takes field after field of a snapshot together, and keeps how far each can be trusted.
 *
 * <p>Thread safety: for one thread.
 */
public final class Tally {

    /** The fields that go on changing while a node runs. */
    private static final List<String> CHANGING = List.of(
            "num_goroutine",
            "num_clients",
            "num_unique_clients",
            "num_channels",
            "num_msg_published",
            "num_msg_queued",
            "num_msg_sent",
            "num_api_requests",
            "num_client_requests",
            "bytes_client_in",
            "bytes_client_out",
            "time_api_mean",
            "time_client_mean",
            "time_api_max",
            "time_client_max",
            "memory_sys",
            "cpu_usage");

    private final Map<String, Quality> quality = new HashMap<>();

    /** The field's value, rounded and within the bounds; where there is none it is 0 and marked unavailable. */
    public long take(String field, OptionalDouble value) {
        if (value.isEmpty()) {
            quality.put(field, Quality.UNAVAILABLE);
        }
        return bounded(value.orElse(0));
    }

    /** What cannot be more than it is told to be: the value, without its fraction. */
    public long takeWhole(String field, OptionalDouble value) {
        return take(field, value.isPresent() ? OptionalDouble.of(Math.floor(value.getAsDouble())) : value);
    }

    private static long bounded(double value) {
        return Math.max(0, Math.min(Math.round(value), NodeSnapshot.MAX_VALUE));
    }

    /** Adds marks of fields that are not taken here. */
    public void mark(Map<String, Quality> marks) {
        quality.putAll(marks);
    }

    public void mark(String field, Quality mark) {
        quality.put(field, mark);
    }

    /** Marks all that changes while a node runs as old, but for what is not available anyway. */
    public void markOld() {
        CHANGING.forEach(
                field -> quality.merge(field, Quality.OLD, (mark, old) -> mark == Quality.UNAVAILABLE ? mark : old));
    }

    /** The marks of all fields that are not exact. */
    public Map<String, Quality> quality() {
        Map<String, Quality> marks = new HashMap<>(quality);
        marks.values().removeIf(mark -> mark == Quality.EXACT);
        return marks;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.codec;

import com.fasterxml.jackson.core.io.SerializedString;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of an object that are read, in the order in which they are written; whatever else it has is skipped. */
final class Shape {
    /** Fields 1–22. */
    static final Shape NODE = new Shape(
            Map.of(),
            "uid",
            "name",
            "num_goroutine",
            "num_clients",
            "num_unique_clients",
            "num_channels",
            "started_at",
            "gomaxprocs",
            "num_cpu",
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

    /** Counters since the node's start. */
    static final Shape TOTALS = new Shape(
            Map.of(),
            "num_msg_published",
            "num_msg_queued",
            "num_msg_sent",
            "num_api_requests",
            "num_client_requests",
            "bytes_client_in",
            "bytes_client_out",
            "time_api_sum",
            "time_client_sum");

    static final Shape HISTOGRAMS = new Shape(Map.of(), "time_api", "time_client");
    static final Shape SKETCHES = new Shape(Map.of(), "users", "channels");

    /** A message; in the form of a hash, what it says beside the 22. */
    static final Shape ENVELOPE = new Shape(
            Map.of("node", NODE, "totals", TOTALS, "histograms", HISTOGRAMS, "sketches", SKETCHES),
            "v",
            "type",
            "seq",
            "ttl_ms",
            "metrics_interval",
            "window_start_ms",
            "window_end_ms",
            "host",
            "publish_interval_ms",
            "draining",
            "version",
            "labels",
            "quality",
            "totals",
            "histograms",
            "sketches",
            "node");

    private final String[] names;
    private final SerializedString[] encoded;
    private final @Nullable Shape[] shapes;
    private final Map<String, Integer> places = new HashMap<>();

    private Shape(Map<String, Shape> shaped, String... names) {
        this.names = names;
        shapes = new Shape[names.length];
        encoded = new SerializedString[names.length];
        for (int place = 0; place < names.length; place++) {
            places.put(names[place], place);
            encoded[place] = new SerializedString(names[place]);
            shapes[place] = shaped.get(names[place]);
        }
    }

    int size() {
        return names.length;
    }

    String name(int place) {
        return names[place];
    }

    /** The name as it stands in a message; null after the last. */
    @Nullable
    SerializedString encodedName(int place) {
        return place < encoded.length ? encoded[place] : null;
    }

    /**
     * The place of a field; negative if there is none.
     *
     * @param likely where it is most of the time
     */
    int place(String name, int likely) {
        if (likely < names.length && names[likely].equals(name)) {
            return likely;
        }
        Integer place = places.get(name);
        return place == null ? -1 : place;
    }

    /** The shape of the object that a field is; null if it is none, or one whose fields may have any name. */
    @Nullable
    Shape shapeOf(int place) {
        return shapes[place];
    }
}

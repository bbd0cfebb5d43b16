// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

import io.tacho.model.Field;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fields of a {@link HistoryStep}. */
public enum HistoryField {
    /** The part of the step that windows cover, in seconds. */
    SECONDS,
    NODES,
    NUM_GOROUTINE,
    NUM_CLIENTS,
    NUM_UNIQUE_CLIENTS_LOWER,
    NUM_UNIQUE_CLIENTS,
    NUM_UNIQUE_CLIENTS_UPPER,
    NUM_CHANNELS_LOWER,
    NUM_CHANNELS,
    NUM_CHANNELS_UPPER,
    NUM_MSG_PUBLISHED,
    NUM_MSG_QUEUED,
    NUM_MSG_SENT,
    NUM_API_REQUESTS,
    NUM_CLIENT_REQUESTS,
    BYTES_CLIENT_IN,
    BYTES_CLIENT_OUT,
    TIME_API_MEAN,
    TIME_API_P50,
    TIME_API_P90,
    TIME_API_P99,
    TIME_API_P999,
    TIME_API_MAX,
    TIME_CLIENT_MEAN,
    TIME_CLIENT_P50,
    TIME_CLIENT_P90,
    TIME_CLIENT_P99,
    TIME_CLIENT_P999,
    TIME_CLIENT_MAX,
    MEMORY_SYS,
    CPU_USAGE,
    NUM_CLIENTS_PEAK,
    NUM_CLIENTS_PEAK_TIME,
    NUM_UNIQUE_CLIENTS_PEAK,
    NUM_UNIQUE_CLIENTS_PEAK_TIME,
    NUM_CHANNELS_PEAK,
    NUM_CHANNELS_PEAK_TIME,
    NUM_MSG_PUBLISHED_PEAK,
    NUM_MSG_PUBLISHED_PEAK_TIME,
    NUM_MSG_QUEUED_PEAK,
    NUM_MSG_QUEUED_PEAK_TIME,
    NUM_MSG_SENT_PEAK,
    NUM_MSG_SENT_PEAK_TIME,
    NUM_API_REQUESTS_PEAK,
    NUM_API_REQUESTS_PEAK_TIME,
    NUM_CLIENT_REQUESTS_PEAK,
    NUM_CLIENT_REQUESTS_PEAK_TIME,
    BYTES_CLIENT_IN_PEAK,
    BYTES_CLIENT_IN_PEAK_TIME,
    BYTES_CLIENT_OUT_PEAK,
    BYTES_CLIENT_OUT_PEAK_TIME,
    NUM_CLIENTS_MAX_OVER_MEAN,
    NUM_CLIENTS_VARIATION,
    BYTES_CLIENT_OUT_MAX_OVER_MEAN,
    BYTES_CLIENT_OUT_VARIATION,
    CPU_USAGE_MAX_OVER_MEAN,
    CPU_USAGE_VARIATION;

    private static final Map<String, HistoryField> BY_WIRE_NAME = new LinkedHashMap<>();

    static {
        Arrays.stream(values()).forEach(field -> BY_WIRE_NAME.put(field.wireName(), field));
    }

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** Returns the field with a name, or null if there is none. */
    public static @Nullable HistoryField of(String wireName) {
        return BY_WIRE_NAME.get(wireName);
    }

    /** Returns the names of all fields, in order. */
    public static Set<String> wireNames() {
        return Collections.unmodifiableSet(BY_WIRE_NAME.keySet());
    }

    /** {@return the largest value of a field; null if the field has no peaks} */
    public static @Nullable HistoryField peakOf(Field field) {
        return BY_WIRE_NAME.get(field.wireName() + "_peak");
    }

    /**
     * Returns the time of a peak, UNIX seconds.
     *
     * @throws IllegalArgumentException if this field is not a peak
     */
    public HistoryField time() {
        return valueOf(name() + "_TIME");
    }

    /** Returns the name of the field in responses. */
    public String wireName() {
        return wireName;
    }
}

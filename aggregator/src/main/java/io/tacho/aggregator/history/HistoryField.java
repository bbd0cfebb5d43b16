// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A number of a {@link HistoryStep}, by its name in responses. */
public enum HistoryField {
    /** For how much of the step there are windows, seconds. */
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
    CPU_USAGE;

    private static final Map<String, HistoryField> BY_KEY = new LinkedHashMap<>();

    static {
        Arrays.stream(values()).forEach(field -> BY_KEY.put(field.key(), field));
    }

    private final String key = name().toLowerCase(Locale.ROOT);

    /** The field of that name; null where there is none. */
    public static @Nullable HistoryField named(String key) {
        return BY_KEY.get(key);
    }

    /** The names of all fields, in their order. */
    public static Set<String> keys() {
        return Collections.unmodifiableSet(BY_KEY.keySet());
    }

    /** Its name in responses. */
    public String key() {
        return key;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import io.tacho.model.IntervalMetrics;
import io.tacho.model.NodeInfo;
import io.tacho.model.NodeSnapshot;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** One of the 22 fields, by its name on the wire; uid and name are texts, all others numbers. */
public enum NodeField {
    UID("uid", null),
    NAME("name", null),
    NUM_GOROUTINE("num_goroutine", info(NodeInfo::numGoroutine)),
    NUM_CLIENTS("num_clients", info(NodeInfo::numClients)),
    NUM_UNIQUE_CLIENTS("num_unique_clients", info(NodeInfo::numUniqueClients)),
    NUM_CHANNELS("num_channels", info(NodeInfo::numChannels)),
    STARTED_AT("started_at", info(NodeInfo::startedAt)),
    GOMAXPROCS("gomaxprocs", info(NodeInfo::gomaxprocs)),
    NUM_CPU("num_cpu", info(NodeInfo::numCpu)),
    NUM_MSG_PUBLISHED("num_msg_published", metric(IntervalMetrics::numMsgPublished)),
    NUM_MSG_QUEUED("num_msg_queued", metric(IntervalMetrics::numMsgQueued)),
    NUM_MSG_SENT("num_msg_sent", metric(IntervalMetrics::numMsgSent)),
    NUM_API_REQUESTS("num_api_requests", metric(IntervalMetrics::numApiRequests)),
    NUM_CLIENT_REQUESTS("num_client_requests", metric(IntervalMetrics::numClientRequests)),
    BYTES_CLIENT_IN("bytes_client_in", metric(IntervalMetrics::bytesClientIn)),
    BYTES_CLIENT_OUT("bytes_client_out", metric(IntervalMetrics::bytesClientOut)),
    TIME_API_MEAN("time_api_mean", metric(IntervalMetrics::timeApiMean)),
    TIME_CLIENT_MEAN("time_client_mean", metric(IntervalMetrics::timeClientMean)),
    TIME_API_MAX("time_api_max", metric(IntervalMetrics::timeApiMax)),
    TIME_CLIENT_MAX("time_client_max", metric(IntervalMetrics::timeClientMax)),
    MEMORY_SYS("memory_sys", metric(IntervalMetrics::memorySys)),
    CPU_USAGE("cpu_usage", metric(IntervalMetrics::cpuUsage));

    private static final Map<String, NodeField> BY_KEY = new LinkedHashMap<>();

    static {
        Arrays.stream(values()).forEach(field -> BY_KEY.put(field.key, field));
    }

    private final String key;
    // has no state
    @SuppressWarnings("ImmutableEnumChecker")
    private final @Nullable ToLongFunction<NodeSnapshot> number;

    NodeField(String key, @Nullable ToLongFunction<NodeSnapshot> number) {
        this.key = key;
        this.number = number;
    }

    private static ToLongFunction<NodeSnapshot> info(ToLongFunction<NodeInfo> field) {
        return snapshot -> field.applyAsLong(snapshot.info());
    }

    private static ToLongFunction<NodeSnapshot> metric(ToLongFunction<IntervalMetrics> field) {
        return snapshot -> field.applyAsLong(snapshot.metrics());
    }

    /** The field of that name; null where there is none. */
    public static @Nullable NodeField named(String key) {
        return BY_KEY.get(key);
    }

    /** The names of all fields, in their order. */
    public static Set<String> keys() {
        return BY_KEY.keySet();
    }

    /** The name on the wire. */
    public String key() {
        return key;
    }

    /** Whether it is neither uid nor name. */
    public boolean isNumber() {
        return number != null;
    }

    /** The field of a node; only of a field that is a number. */
    public long number(NodeSnapshot snapshot) {
        if (number == null) {
            throw new IllegalStateException(key + " is no number");
        }
        return number.applyAsLong(snapshot);
    }

    String text(NodeSnapshot snapshot) {
        return this == UID ? snapshot.uid() : snapshot.name();
    }
}

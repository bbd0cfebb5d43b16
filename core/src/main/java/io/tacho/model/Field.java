// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import static io.tacho.model.Field.Kind.COUNTER;
import static io.tacho.model.Field.Kind.GAUGE;
import static io.tacho.model.Field.Kind.ID;
import static io.tacho.model.Field.Kind.INFO;
import static io.tacho.model.Field.Kind.TIMER;
import static io.tacho.model.Field.MergeRule.MAX;
import static io.tacho.model.Field.MergeRule.NONE;
import static io.tacho.model.Field.MergeRule.RANGE;
import static io.tacho.model.Field.MergeRule.SUM;
import static io.tacho.model.Field.MergeRule.SUM_PER_HOST;
import static io.tacho.model.Field.MergeRule.UNION;
import static io.tacho.model.Field.MergeRule.WEIGHTED_MEAN;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The field catalogue: the 22 fields of an entry of Centrifugo 1.0–1.3's {@code stats}, in their order on the wire, each
 * with its name, kind, unit, merge rule and description. This is the only place that defines them.
 *
 * <p>{@link #UID} and {@link #NAME} are text, all others are numbers from 0 to {@link NodeSnapshot#MAX_VALUE}.
 */
public enum Field {
    UID("uid", ID, Unit.TEXT, NONE, "Uid", "Unique id, new at every start of the process"),
    NAME("name", ID, Unit.TEXT, NONE, "Name", "Node name"),
    NUM_GOROUTINE("num_goroutine", GAUGE, Unit.COUNT, SUM, "Threads", "Live goroutines or threads"),
    NUM_CLIENTS("num_clients", GAUGE, Unit.COUNT, SUM, "Clients", "Authorized clients connected"),
    NUM_UNIQUE_CLIENTS("num_unique_clients", GAUGE, Unit.COUNT, UNION, "Users", "Distinct user ids connected"),
    NUM_CHANNELS("num_channels", GAUGE, Unit.COUNT, UNION, "Channels", "Channels with at least one subscriber"),
    STARTED_AT("started_at", INFO, Unit.UNIX_SECONDS, RANGE, "Up", "Start of the process"),
    GOMAXPROCS("gomaxprocs", INFO, Unit.COUNT, SUM, "Procs", "CPUs the process may use"),
    NUM_CPU("num_cpu", INFO, Unit.COUNT, SUM_PER_HOST, "CPUs", "CPUs of the machine"),
    NUM_MSG_PUBLISHED("num_msg_published", COUNTER, Unit.COUNT, SUM, "Published", "Messages published"),
    NUM_MSG_QUEUED("num_msg_queued", COUNTER, Unit.COUNT, SUM, "Queued", "Messages put into client queues"),
    NUM_MSG_SENT("num_msg_sent", COUNTER, Unit.COUNT, SUM, "Sent", "Messages sent to clients"),
    NUM_API_REQUESTS("num_api_requests", COUNTER, Unit.COUNT, SUM, "API req", "Server API requests"),
    NUM_CLIENT_REQUESTS("num_client_requests", COUNTER, Unit.COUNT, SUM, "Client req", "Client API requests"),
    BYTES_CLIENT_IN("bytes_client_in", COUNTER, Unit.BYTES, SUM, "Bytes in", "Bytes received from clients"),
    BYTES_CLIENT_OUT("bytes_client_out", COUNTER, Unit.BYTES, SUM, "Bytes out", "Bytes sent to clients"),
    TIME_API_MEAN("time_api_mean", TIMER, Unit.NANOSECONDS, WEIGHTED_MEAN, "API mean", "Mean server API response time"),
    TIME_CLIENT_MEAN(
            "time_client_mean", TIMER, Unit.NANOSECONDS, WEIGHTED_MEAN, "Client mean", "Mean client API response time"),
    TIME_API_MAX("time_api_max", TIMER, Unit.NANOSECONDS, MAX, "API max", "Longest server API response time"),
    TIME_CLIENT_MAX("time_client_max", TIMER, Unit.NANOSECONDS, MAX, "Client max", "Longest client API response time"),
    MEMORY_SYS("memory_sys", GAUGE, Unit.BYTES, SUM, "Memory", "Memory the process holds from the operating system"),
    CPU_USAGE("cpu_usage", GAUGE, Unit.PERCENT, SUM, "CPU", "CPU used in the last interval; 100 % is one core busy");

    /** The subject of a field. */
    public enum Kind {
        /** Identifies the node. */
        ID,
        /** Stays the same while the process runs. */
        INFO,
        /** The value at the time of the beat. */
        GAUGE,
        /** The number of events in the last completed metrics interval. */
        COUNTER,
        /** A duration of the requests in the last completed metrics interval. */
        TIMER;

        /** {@return the kind in lower case, as in the API} */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The unit of a value. */
    public enum Unit {
        TEXT,
        COUNT,
        BYTES,
        NANOSECONDS,
        UNIX_SECONDS,
        /** 100 is one core busy. */
        PERCENT;

        /** {@return the unit in lower case, as in the API} */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The rule by which the values of all nodes are merged into one value of the cluster. */
    public enum MergeRule {
        /** There is no value of the cluster. */
        NONE,
        SUM,
        MAX,
        /** The mean weighted by {@link Field#weight()}; nodes that flag the field as unavailable do not count. */
        WEIGHTED_MEAN,
        /** The size of a union: estimated from sketches, otherwise between the largest value and the sum. */
        UNION,
        /** The smallest and the largest value. */
        RANGE,
        /** The sum over the hosts of the largest value of each host; nodes without a host count separately. */
        SUM_PER_HOST;

        /** {@return the rule in lower case, as in the API} */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final Map<String, Field> BY_WIRE_NAME;

    static {
        Map<String, Field> byName = new LinkedHashMap<>();
        for (Field field : values()) {
            byName.put(field.wireName, field);
        }
        BY_WIRE_NAME = Collections.unmodifiableMap(byName);
    }

    /** The fields with a number, in their order. */
    public static final List<Field> NUMBERS =
            Arrays.stream(values()).filter(Field::isNumber).toList();

    private final String wireName;
    private final Kind kind;
    private final Unit unit;
    private final MergeRule mergeRule;
    private final String label;
    private final String description;

    Field(String wireName, Kind kind, Unit unit, MergeRule mergeRule, String label, String description) {
        this.wireName = wireName;
        this.kind = kind;
        this.unit = unit;
        this.mergeRule = mergeRule;
        this.label = label;
        this.description = description;
    }

    /** {@return the field with that name on the wire; null if there is none} */
    public static @Nullable Field of(String wireName) {
        return BY_WIRE_NAME.get(wireName);
    }

    /** {@return the names of all fields on the wire, in their order} */
    public static Set<String> wireNames() {
        return BY_WIRE_NAME.keySet();
    }

    /** {@return the name on the wire, e.g. {@code num_clients}} */
    public String wireName() {
        return wireName;
    }

    public Kind kind() {
        return kind;
    }

    public Unit unit() {
        return unit;
    }

    public MergeRule mergeRule() {
        return mergeRule;
    }

    /** {@return a short name for column heads} */
    public String label() {
        return label;
    }

    /** {@return what the field counts, in a few words} */
    public String description() {
        return description;
    }

    /** {@return whether the field is a number, not text} */
    public boolean isNumber() {
        return unit != Unit.TEXT;
    }

    /** {@return whether the value changes while the process runs} */
    public boolean isVariable() {
        return kind == GAUGE || kind == COUNTER || kind == TIMER;
    }

    /** {@return whether the value belongs to the last completed metrics interval} */
    public boolean isOfWindow() {
        return kind == COUNTER || kind == TIMER;
    }

    /** {@return the field that weights a {@link MergeRule#WEIGHTED_MEAN}; null for all other rules} */
    public @Nullable Field weight() {
        return switch (this) {
            case TIME_API_MEAN -> NUM_API_REQUESTS;
            case TIME_CLIENT_MEAN -> NUM_CLIENT_REQUESTS;
            default -> null;
        };
    }
}

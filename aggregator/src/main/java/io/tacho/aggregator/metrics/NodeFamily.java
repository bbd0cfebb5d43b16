// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import io.tacho.aggregator.view.KnownNode;
import io.tacho.model.Field;
import io.tacho.model.Field.Kind;
import io.tacho.model.NodeTotals;
import io.tacho.model.RequestKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A family of metrics with one sample per node. Fields that a node flags as unavailable are left out. Counters and summaries are of
 * nodes that report their totals, because the counts of one window are not a counter.
 *
 * @param name with the unit, without a suffix such as {@code _total}
 * @param unit the last part of the name; empty if the values have none
 * @param decimals how many decimal places the numbers have: 9 if they are nanoseconds and the unit is seconds
 * @param value the number of a node; of a summary the sum
 * @param count the count of a summary; null for all others
 */
record NodeFamily(
        String name,
        Type type,
        String unit,
        String help,
        int decimals,
        Value value,
        @Nullable Value count) {

    /** The type of a family, as it is written in the text formats. */
    enum Type {
        INFO,
        GAUGE,
        COUNTER,
        SUMMARY
    }

    /** A number of a node. */
    @FunctionalInterface
    interface Value {
        /** Returns the number, or {@link #ABSENT}. */
        long of(KnownNode node, long nowNanos);
    }

    /** The node has no such number. */
    static final long ABSENT = Long.MIN_VALUE;

    private static final int NANOS = 9;
    private static final int PERCENT = 2;

    /** Names that are not derived from the wire name. */
    private static final Map<Field, String> NAMES = Map.of(
            Field.NUM_GOROUTINE, "goroutines",
            Field.STARTED_AT, "start_time",
            Field.NUM_CPU, "cpus",
            Field.MEMORY_SYS, "memory",
            Field.BYTES_CLIENT_IN, "client_received",
            Field.BYTES_CLIENT_OUT, "client_sent");

    /** All families, in the order of the page. */
    static final List<NodeFamily> ALL = all();

    private static List<NodeFamily> all() {
        List<NodeFamily> all = new ArrayList<>();
        all.add(new NodeFamily(
                "tacho_node",
                Type.INFO,
                "",
                "What a node reports of itself besides its numbers.",
                0,
                (n, now) -> 1,
                null));
        all.add(gauge(
                "tacho_node_last_beat_age",
                "seconds",
                "Time since the last beat of the node.",
                NANOS,
                (node, now) -> Math.max(0, now - node.beatNanos())));
        all.add(gauge(
                "tacho_node_metrics_interval",
                "seconds",
                "Length of the node's window.",
                0,
                (node, now) -> node.envelope().metricsIntervalSeconds()));
        Field.NUMBERS.stream()
                .filter(field -> field.kind() != Kind.COUNTER)
                .map(field ->
                        gauge(nameOf(field), unitOf(field), field.description() + ".", decimals(field), gauge(field)))
                .forEach(all::add);
        Field.NUMBERS.stream()
                .filter(NodeFamily::isCounter)
                .map(NodeFamily::counter)
                .forEach(all::add);
        Arrays.stream(RequestKind.values()).map(NodeFamily::summary).forEach(all::add);
        return List.copyOf(all);
    }

    private static NodeFamily gauge(String name, String unit, String help, int decimals, Value value) {
        return new NodeFamily(withUnit(name, unit), Type.GAUGE, unit, help, decimals, value, null);
    }

    private static Value gauge(Field field) {
        return (node, now) ->
                isAvailable(node, field) ? node.envelope().snapshot().number(field) : ABSENT;
    }

    private static NodeFamily counter(Field field) {
        Value value = (node, now) -> {
            NodeTotals totals = node.envelope().totals();
            return totals != null && isAvailable(node, field) ? totals.number(field) : ABSENT;
        };
        String help = field.description() + " since the start of the node.";
        return new NodeFamily(
                withUnit(nameOf(field), unitOf(field)),
                Type.COUNTER,
                unitOf(field),
                help,
                decimals(field),
                value,
                null);
    }

    private static NodeFamily summary(RequestKind requests) {
        return new NodeFamily(
                "tacho_node_" + requests.label() + "_request_duration_seconds",
                Type.SUMMARY,
                "seconds",
                requests.count().description() + " since the start of the node, and the time that they took.",
                NANOS,
                (node, now) -> hasDurations(node, requests) ? totals(node).nanos(requests) : ABSENT,
                (node, now) -> hasDurations(node, requests) ? totals(node).number(requests.count()) : ABSENT);
    }

    private static boolean hasDurations(KnownNode node, RequestKind requests) {
        return node.envelope().totals() != null
                && isAvailable(node, requests.count())
                && isAvailable(node, requests.mean());
    }

    private static NodeTotals totals(KnownNode node) {
        NodeTotals totals = node.envelope().totals();
        return totals == null ? NodeTotals.ZERO : totals;
    }

    private static boolean isAvailable(KnownNode node, Field field) {
        return node.envelope().status().quality().isAvailable(field);
    }

    /** Returns whether a field becomes a counter: requests become a summary. */
    private static boolean isCounter(Field field) {
        return field.kind() == Kind.COUNTER
                && Arrays.stream(RequestKind.values()).noneMatch(requests -> requests.count() == field);
    }

    /** Returns the name of the metric of a field, without the unit. */
    static String nameOf(Field field) {
        for (RequestKind requests : RequestKind.values()) {
            if (field.kind() == Kind.TIMER && field.wireName().startsWith(requests.timeName())) {
                return "tacho_node_window_" + requests.label() + "_request_duration"
                        + field.wireName().substring(requests.timeName().length());
            }
        }
        String derived = field.wireName().replaceFirst("^num_msg_", "messages_").replaceFirst("^num_", "");
        return "tacho_node_" + NAMES.getOrDefault(field, derived);
    }

    private static String withUnit(String name, String unit) {
        return unit.isEmpty() ? name : name + "_" + unit;
    }

    private static String unitOf(Field field) {
        return switch (field.unit()) {
            case BYTES -> "bytes";
            case NANOSECONDS, UNIX_SECONDS -> "seconds";
            case PERCENT -> "ratio";
            case COUNT, TEXT -> "";
        };
    }

    private static int decimals(Field field) {
        return switch (field.unit()) {
            case NANOSECONDS -> NANOS;
            case PERCENT -> PERCENT;
            case BYTES, UNIX_SECONDS, COUNT, TEXT -> 0;
        };
    }
}

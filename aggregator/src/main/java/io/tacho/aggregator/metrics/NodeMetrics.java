// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Unit;
import io.tacho.aggregator.view.KnownNode;
import io.tacho.model.Field;
import io.tacho.model.Field.Kind;
import io.tacho.model.NodeStatus;
import io.tacho.model.NodeTotals;
import io.tacho.model.RequestKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The fields of each node, with its name and uid as labels. Fields that are flagged as unavailable are left out. Counters and
 * summaries are of nodes that report their totals, because the counts of one window are not a counter.
 */
final class NodeMetrics {

    private static final double NANOS_PER_SECOND = 1e9;
    private static final double PERCENT = 100;

    /** Names that are not derived from the wire name. */
    private static final Map<Field, String> NAMES = Map.of(
            Field.NUM_GOROUTINE, "goroutines",
            Field.STARTED_AT, "start_time",
            Field.NUM_CPU, "cpus",
            Field.MEMORY_SYS, "memory",
            Field.BYTES_CLIENT_IN, "client_received",
            Field.BYTES_CLIENT_OUT, "client_sent");

    /** A present node, with its labels. */
    private record Labelled(KnownNode node, Labels labels) {}

    private final Families families;
    private final List<Labelled> nodes = new ArrayList<>();

    /** @param nodes ordered by name, then uid */
    NodeMetrics(Families families, List<KnownNode> nodes) {
        this.families = families;
        for (KnownNode node : nodes) {
            this.nodes.add(new Labelled(node, Labels.of("node", node.name(), "uid", node.uid())));
        }
    }

    void write(long nowNanos) {
        about(nowNanos);
        Field.NUMBERS.stream().filter(field -> field.kind() != Kind.COUNTER).forEach(this::gauge);
        Field.NUMBERS.stream().filter(NodeMetrics::isCounter).forEach(this::counter);
        Arrays.stream(RequestKind.values()).forEach(this::summary);
    }

    private void about(long nowNanos) {
        families.info(
                "tacho_node",
                "What a node reports of itself besides its numbers.",
                nodes.stream().map(NodeMetrics::info).toList());
        each(
                "tacho_node_last_beat_age",
                "Time since the last beat of the node.",
                node -> (nowNanos - node.beatNanos()) / NANOS_PER_SECOND);
        each(
                "tacho_node_metrics_interval",
                "Length of the node's window.",
                node -> node.envelope().metricsIntervalSeconds());
    }

    private static InfoDataPointSnapshot info(Labelled node) {
        NodeStatus status = node.node().envelope().status();
        Labels labels = node.labels();
        if (status.version() != null) {
            labels = labels.add("version", status.version());
        }
        if (status.host() != null) {
            labels = labels.add("host", status.host());
        }
        for (var label : status.labels().entrySet()) {
            labels = labels.add("label_" + label.getKey(), label.getValue());
        }
        return new InfoDataPointSnapshot(labels);
    }

    private void gauge(Field field) {
        List<GaugeDataPointSnapshot> points = new ArrayList<>(nodes.size());
        for (Labelled node : nodes) {
            if (isAvailable(node.node(), field)) {
                double number = node.node().envelope().snapshot().number(field);
                points.add(Families.gauge(number / divisor(field), node.labels()));
            }
        }
        families.gauge(name(field), unit(field), field.description() + ".", points);
    }

    private static boolean isAvailable(KnownNode node, Field field) {
        return node.envelope().status().quality().isAvailable(field);
    }

    private static String name(Field field) {
        for (RequestKind requests : RequestKind.values()) {
            if (field.kind() == Kind.TIMER && field.wireName().startsWith(requests.timeName())) {
                return "tacho_node_window_" + requests.label() + "_request_duration"
                        + field.wireName().substring(requests.timeName().length());
            }
        }
        String derived = field.wireName().replaceFirst("^num_msg_", "messages_").replaceFirst("^num_", "");
        return "tacho_node_" + NAMES.getOrDefault(field, derived);
    }

    private static @Nullable Unit unit(Field field) {
        return switch (field.unit()) {
            case BYTES -> Unit.BYTES;
            case NANOSECONDS, UNIX_SECONDS -> Unit.SECONDS;
            case PERCENT -> Unit.RATIO;
            case COUNT, TEXT -> null;
        };
    }

    private static double divisor(Field field) {
        return switch (field.unit()) {
            case NANOSECONDS -> NANOS_PER_SECOND;
            case PERCENT -> PERCENT;
            default -> 1;
        };
    }

    private void each(String name, String help, ToDoubleFunction<KnownNode> value) {
        families.gauge(
                name,
                Unit.SECONDS,
                help,
                nodes.stream()
                        .map(node -> Families.gauge(value.applyAsDouble(node.node()), node.labels()))
                        .toList());
    }

    /** Returns whether a field becomes a counter: requests become a summary. */
    private static boolean isCounter(Field field) {
        return field.kind() == Kind.COUNTER
                && Arrays.stream(RequestKind.values()).noneMatch(requests -> requests.count() == field);
    }

    private void counter(Field field) {
        List<CounterDataPointSnapshot> points = new ArrayList<>(nodes.size());
        for (Labelled node : nodes) {
            NodeTotals totals = node.node().envelope().totals();
            if (totals != null && isAvailable(node.node(), field)) {
                points.add(Families.counter(totals.number(field), node.labels()));
            }
        }
        families.counter(name(field), unit(field), field.description() + " since the start of the node.", points);
    }

    private void summary(RequestKind requests) {
        List<SummaryDataPointSnapshot> points = new ArrayList<>(nodes.size());
        for (Labelled node : nodes) {
            NodeTotals totals = node.node().envelope().totals();
            if (totals != null
                    && isAvailable(node.node(), requests.count())
                    && isAvailable(node.node(), requests.mean())) {
                points.add(Families.summary(
                        totals.number(requests.count()), totals.nanos(requests) / NANOS_PER_SECOND, node.labels()));
            }
        }
        families.summary(
                "tacho_node_" + requests.label() + "_request_duration",
                Unit.SECONDS,
                requests.count().description() + " since the start of the node, and the time that they took.",
                points);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.Unit;
import io.tacho.aggregator.view.LiveNode;
import io.tacho.model.IntervalMetrics;
import io.tacho.model.NodeInfo;
import io.tacho.model.NodeStatus;
import io.tacho.model.NodeTotals;
import io.tacho.model.Quality;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Each node's numbers, with its name and uid as labels. What a node marks as unavailable is not there; counters are there of
 * nodes that tell their totals since their start, for the counts of one window are no counter.
 */
final class NodeMetrics {

    private static final double NANOS_PER_SECOND = 1e9;
    private static final double PERCENT = 100;

    /** A node that is there, with its labels. */
    private record Labelled(LiveNode node, Labels labels) {}

    private final Families families;
    private final List<Labelled> nodes = new ArrayList<>();

    /** @param nodes ordered by name, then uid */
    NodeMetrics(Families families, List<LiveNode> nodes) {
        this.families = families;
        for (LiveNode node : nodes) {
            this.nodes.add(new Labelled(node, Labels.of("node", node.name(), "uid", node.uid())));
        }
    }

    void write(long nowNanos) {
        about(nowNanos);
        gauges();
        counters();
    }

    private void about(long nowNanos) {
        families.info(
                "tacho_node",
                "What a node tells of itself beside its numbers.",
                nodes.stream().map(NodeMetrics::info).toList());
        each(
                "tacho_node_last_beat_age",
                Unit.SECONDS,
                "Time since the node was last heard of.",
                node -> (nowNanos - node.beatNanos()) / NANOS_PER_SECOND);
        info("tacho_node_start_time", Unit.SECONDS, "Start of the node, UNIX time.", "started_at", NodeInfo::startedAt);
        each(
                "tacho_node_metrics_interval",
                Unit.SECONDS,
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

    private void gauges() {
        info("tacho_node_goroutines", null, "Goroutines, on the JVM threads.", "num_goroutine", NodeInfo::numGoroutine);
        info("tacho_node_clients", null, "Clients connected.", "num_clients", NodeInfo::numClients);
        info("tacho_node_unique_clients", null, "Users connected.", "num_unique_clients", NodeInfo::numUniqueClients);
        info("tacho_node_channels", null, "Channels with a subscriber.", "num_channels", NodeInfo::numChannels);
        info("tacho_node_gomaxprocs", null, "CPUs the node may use.", "gomaxprocs", NodeInfo::gomaxprocs);
        info("tacho_node_cpus", null, "CPUs of the node's machine.", "num_cpu", NodeInfo::numCpu);
        window("tacho_node_memory", Unit.BYTES, "Memory the node holds.", "memory_sys", IntervalMetrics::memorySys, 1);
        window(
                "tacho_node_cpu_usage",
                Unit.RATIO,
                "CPUs busy in the last interval.",
                "cpu_usage",
                IntervalMetrics::cpuUsage,
                PERCENT);
        duration("api", "mean", "Mean time of a server API request", IntervalMetrics::timeApiMean);
        duration("api", "max", "Longest time of a server API request", IntervalMetrics::timeApiMax);
        duration("client", "mean", "Mean time of a client request", IntervalMetrics::timeClientMean);
        duration("client", "max", "Longest time of a client request", IntervalMetrics::timeClientMax);
    }

    private void duration(String side, String what, String help, ToLongFunction<IntervalMetrics> value) {
        window(
                "tacho_node_window_" + side + "_request_duration_" + what,
                Unit.SECONDS,
                help + " in the last window.",
                "time_" + side + "_" + what,
                value,
                NANOS_PER_SECOND);
    }

    private void info(String name, @Nullable Unit unit, String help, String field, ToLongFunction<NodeInfo> value) {
        told(
                name,
                unit,
                help,
                field,
                node -> value.applyAsLong(node.envelope().snapshot().info()));
    }

    private void window(
            String name,
            @Nullable Unit unit,
            String help,
            String field,
            ToLongFunction<IntervalMetrics> value,
            double divisor) {
        told(
                name,
                unit,
                help,
                field,
                node -> value.applyAsLong(node.envelope().snapshot().metrics()) / divisor);
    }

    private void told(String name, @Nullable Unit unit, String help, String field, ToDoubleFunction<LiveNode> value) {
        List<GaugeDataPointSnapshot> points = new ArrayList<>(nodes.size());
        for (Labelled node : nodes) {
            if (tells(node.node(), field)) {
                points.add(Families.gauge(value.applyAsDouble(node.node()), node.labels()));
            }
        }
        families.gauge(name, unit, help, points);
    }

    private void each(String name, Unit unit, String help, ToDoubleFunction<LiveNode> value) {
        families.gauge(
                name,
                unit,
                help,
                nodes.stream()
                        .map(node -> Families.gauge(value.applyAsDouble(node.node()), node.labels()))
                        .toList());
    }

    /** A node that tells its totals. */
    private record Total(LiveNode node, Labels labels, NodeTotals totals) {

        boolean tells(String field) {
            return NodeMetrics.tells(node, field);
        }
    }

    private List<Total> totals() {
        List<Total> totals = new ArrayList<>(nodes.size());
        for (Labelled node : nodes) {
            NodeTotals told = node.node().envelope().totals();
            if (told != null) {
                totals.add(new Total(node.node(), node.labels(), told));
            }
        }
        return totals;
    }

    private static boolean tells(LiveNode node, String field) {
        return node.envelope().status().quality().byWireName().get(field) != Quality.UNAVAILABLE;
    }

    private void counters() {
        List<Total> totals = totals();
        counter(totals, "messages_published", null, "num_msg_published", NodeTotals::numMsgPublished);
        counter(totals, "messages_queued", null, "num_msg_queued", NodeTotals::numMsgQueued);
        counter(totals, "messages_sent", null, "num_msg_sent", NodeTotals::numMsgSent);
        counter(totals, "client_received", Unit.BYTES, "bytes_client_in", NodeTotals::bytesClientIn);
        counter(totals, "client_sent", Unit.BYTES, "bytes_client_out", NodeTotals::bytesClientOut);
        requests(totals, "api", NodeTotals::numApiRequests, NodeTotals::timeApiSum);
        requests(totals, "client", NodeTotals::numClientRequests, NodeTotals::timeClientSum);
    }

    private void counter(
            List<Total> totals, String name, @Nullable Unit unit, String field, ToLongFunction<NodeTotals> value) {
        families.counter(
                "tacho_node_" + name,
                unit,
                field + " since the node's start.",
                totals.stream()
                        .filter(node -> node.tells(field))
                        .map(node -> Families.counter(value.applyAsLong(node.totals()), node.labels()))
                        .toList());
    }

    private void requests(
            List<Total> totals, String side, ToLongFunction<NodeTotals> count, ToLongFunction<NodeTotals> nanos) {
        families.summary(
                "tacho_node_" + side + "_request_duration",
                Unit.SECONDS,
                "num_" + side + "_requests since the node's start, and the time they took.",
                totals.stream()
                        .filter(node -> node.tells("num_" + side + "_requests") && node.tells("time_" + side + "_mean"))
                        .map(node -> Families.summary(
                                count.applyAsLong(node.totals()),
                                nanos.applyAsLong(node.totals()) / NANOS_PER_SECOND,
                                node.labels()))
                        .toList());
    }
}

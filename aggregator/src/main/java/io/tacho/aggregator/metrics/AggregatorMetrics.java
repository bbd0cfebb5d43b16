// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.Unit;
import io.tacho.aggregator.alert.notify.AlertStatus;
import io.tacho.aggregator.alert.notify.LatestAlertStatus;
import io.tacho.aggregator.cluster.Imbalance;
import io.tacho.aggregator.events.EventMetrics;
import io.tacho.aggregator.metrics.HttpMetrics.StatusClass;
import io.tacho.aggregator.outlier.Indicator;
import io.tacho.aggregator.outlier.OutlierReport;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.KnownNode;
import io.tacho.aggregator.view.NodeStateCounts;
import io.tacho.aggregator.view.ViewMetrics;
import io.tacho.aggregator.view.ViewStatus;
import io.tacho.aggregator.view.detail.DetailStatus;
import io.tacho.model.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The cluster as a whole, and how its aggregator is doing. */
final class AggregatorMetrics {

    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MILLIS_PER_SECOND = 1e3;
    private static final int MAX_OUTLIERS = 100;

    private final ClusterView view;
    private final Supplier<OutlierReport> outliers;
    private final EventMetrics events;
    private final LatestAlertStatus latestAlerts;
    private final HttpMetrics http;

    AggregatorMetrics(
            ClusterView view,
            Supplier<OutlierReport> outliers,
            EventMetrics events,
            LatestAlertStatus alerts,
            HttpMetrics http) {
        this.view = view;
        this.outliers = outliers;
        this.events = events;
        this.latestAlerts = alerts;
        this.http = http;
    }

    void write(Families families) {
        cluster(families);
        outliers(families, outliers.get());
        imbalance(families);
        messages(families);
        detail(families);
        serving(families);
        alerts(families, latestAlerts.status());
    }

    private void cluster(Families families) {
        NodeStateCounts states = view.stateCounts();
        ViewStatus status = view.status();
        families.gauge(
                "tacho_cluster_nodes",
                null,
                "Nodes by state.",
                List.of(
                        Families.gauge(states.live(), Labels.of("state", "live")),
                        Families.gauge(states.draining(), Labels.of("state", "draining")),
                        Families.gauge(states.stale(), Labels.of("state", "stale"))));
        families.counter(
                "tacho_cluster_node_changes",
                null,
                "Nodes that came and went since the aggregator's start.",
                ViewMetrics.COUNTED.stream()
                        .map(event ->
                                Families.counter(view.metrics().eventTotal(event), Labels.of("change", event.label())))
                        .toList());
        families.gauge(
                "tacho_aggregator_ready",
                null,
                "1 while the view follows at least one partition.",
                status.isReady() ? 1 : 0);
        families.gauge(
                "tacho_aggregator_stale",
                Unit.SECONDS,
                "For how long the view may have missed something.",
                status.staleFor().toMillis() / MILLIS_PER_SECOND);
        families.gauge(
                "tacho_aggregator_partitions",
                null,
                "Partitions by whether the view follows them.",
                List.of(
                        Families.gauge(status.partitions() - status.disconnected(), Labels.of("state", "connected")),
                        Families.gauge(status.disconnected(), Labels.of("state", "disconnected"))));
        families.gauge(
                "tacho_aggregator_disconnected_nodes",
                null,
                "Nodes of disconnected partitions, as they were.",
                view.disconnectedNodeCount());
    }

    private static void outliers(Families families, OutlierReport report) {
        families.gauge(
                "tacho_cluster_outliers",
                null,
                "Nodes that deviate from their peers, by indicator.",
                Stream.of(Indicator.values())
                        .map(indicator -> Families.gauge(
                                report.outliers().stream()
                                        .filter(outlier -> outlier.indicator() == indicator)
                                        .count(),
                                Labels.of("indicator", indicator.label())))
                        .toList());
        families.gauge(
                "tacho_cluster_outlier_factor",
                null,
                "Value of an outlier divided by the median of its peers; of the 100 largest deviations.",
                report.outliers().stream()
                        .limit(MAX_OUTLIERS)
                        .map(outlier -> Families.gauge(
                                outlier.factor(),
                                Labels.of(
                                        "node",
                                        outlier.node(),
                                        "uid",
                                        outlier.uid(),
                                        "indicator",
                                        outlier.indicator().label())))
                        .toList());
    }

    /** Writes the imbalance of the fields by which a cluster is balanced. */
    private void imbalance(Families families) {
        List<KnownNode> nodes = view.nodeList().nodes();
        List<GaugeDataPointSnapshot> largest = new ArrayList<>();
        List<GaugeDataPointSnapshot> variation = new ArrayList<>();
        for (Field field : Imbalance.FIELDS) {
            Imbalance imbalance = Imbalance.of(nodes, field);
            if (imbalance != null) {
                Labels labels = Labels.of("field", field.wireName());
                largest.add(Families.gauge(imbalance.maxOverMean(), labels));
                variation.add(Families.gauge(imbalance.variation(), labels));
            }
        }
        families.gauge(
                "tacho_cluster_imbalance_max_over_mean",
                null,
                "Largest value of a node divided by the mean, without draining nodes.",
                largest);
        families.gauge(
                "tacho_cluster_imbalance_variation",
                null,
                "Standard deviation of the values of nodes divided by the mean, without draining nodes.",
                variation);
    }

    private void detail(Families families) {
        DetailStatus detail = view.detailStatus();
        families.gauge(
                "tacho_aggregator_detail_memory",
                Unit.BYTES,
                "Memory of the nodes' histograms and sketches.",
                detail.bytes());
        families.gauge(
                "tacho_aggregator_detail_memory_max",
                Unit.BYTES,
                "Limit of the memory of the nodes' histograms and sketches.",
                detail.maxBytes());
        families.gauge(
                "tacho_aggregator_detail_nodes",
                null,
                "Nodes that publish histograms or sketches, by whether these are retained.",
                List.of(
                        Families.gauge(detail.nodes(), Labels.of("retained", "true")),
                        Families.gauge(detail.droppedNodes(), Labels.of("retained", "false"))));
        families.counter(
                "tacho_aggregator_detail_dropped",
                null,
                "Histograms and sketches of a node's window that were dropped because the limit was reached.",
                detail.drops());
    }

    private void messages(Families families) {
        ViewMetrics metrics = view.metrics();
        families.counter(
                "tacho_aggregator_messages_received",
                null,
                "Well-formed messages and entries that came in.",
                metrics.received());
        List<CounterDataPointSnapshot> dropped = new ArrayList<>();
        dropped.add(Families.counter(metrics.outdated(), Labels.of("reason", "outdated")));
        dropped.add(Families.counter(metrics.rejected(), Labels.of("reason", "rejected")));
        metrics.malformed()
                .forEach((reason, count) -> dropped.add(Families.counter(count, Labels.of("reason", reason))));
        families.counter(
                "tacho_aggregator_messages_dropped",
                null,
                "Messages and entries that changed nothing: they were outdated, there was no room, or they were"
                        + " malformed; of those with an unreadable_part that alone is missing.",
                dropped);
        families.counter(
                "tacho_aggregator_writer_conflicts",
                null,
                "Rejected beats of a second agent that publishes the uid of a node.",
                view.conflicts().rejectedBeats());
        families.counter("tacho_aggregator_loads", null, "Loads of the whole registry.", metrics.loads());
        families.counter(
                "tacho_aggregator_failed_loads", null, "Questions to Redis that failed.", metrics.failedLoads());
        families.summary(
                "tacho_aggregator_redis_response_duration",
                Unit.SECONDS,
                "Requests to Redis and their response times.",
                List.of(Families.summary(
                        metrics.storeResponses(), metrics.storeResponseNanos() / NANOS_PER_SECOND, Labels.EMPTY)));
    }

    private void serving(Families families) {
        List<CounterDataPointSnapshot> requests = new ArrayList<>();
        http.responses().forEach((endpoint, responses) -> {
            for (StatusClass statusClass : StatusClass.values()) {
                requests.add(Families.counter(
                        responses.count(statusClass), Labels.of("endpoint", endpoint, "status", statusClass.label())));
            }
        });
        families.counter("tacho_aggregator_http_requests", null, "HTTP requests served.", requests);
        families.gauge("tacho_aggregator_http_connections", null, "HTTP connections open.", http.connections());
        families.gauge("tacho_aggregator_event_readers", null, "Readers of /events.", events.readers());
        families.counter(
                "tacho_aggregator_event_readers_dropped",
                null,
                "Readers of /events that took nothing for too long.",
                events.dropped());
        families.counter(
                "tacho_aggregator_events_sent", Unit.BYTES, "Bytes given to readers of /events.", events.bytes());
    }

    private static void alerts(Families families, AlertStatus alerts) {
        List<GaugeDataPointSnapshot> firing = new ArrayList<>();
        alerts.firingCounts().forEach((rule, count) -> {
            firing.add(Families.gauge(count.active(), Labels.of("rule", rule, "silenced", "false")));
            firing.add(Families.gauge(count.silenced(), Labels.of("rule", rule, "silenced", "true")));
        });
        families.gauge("tacho_alerts_firing", null, "Firing alerts, the same at every aggregator.", firing);
        boolean hasRules = alerts.hasRules();
        families.gauge(
                "tacho_aggregator_alerts_leader",
                null,
                "1 at the aggregator that sends notifications.",
                hasRules ? List.of(Families.gauge(alerts.isLeader() ? 1 : 0, Labels.EMPTY)) : List.of());
        families.counter(
                "tacho_aggregator_alert_notifications",
                null,
                "Attempts to deliver a notification to the webhook or an Alertmanager.",
                hasRules
                        ? List.of(
                                Families.counter(alerts.deliveredCount(), Labels.of("outcome", "delivered")),
                                Families.counter(alerts.failedCount(), Labels.of("outcome", "failed")))
                        : List.of());
    }
}

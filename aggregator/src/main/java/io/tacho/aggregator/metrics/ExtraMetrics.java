// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Unit;
import io.tacho.aggregator.cluster.ClusterTotals;
import io.tacho.aggregator.view.KnownNode;
import io.tacho.model.Extra;
import io.tacho.model.Extras;
import io.tacho.sketch.DurationHistogram;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The extra values of nodes and of the cluster: {@code tacho_node_extra_num_subs}, {@code tacho_cluster_extra_num_subs}. A
 * counter with a total becomes a counter, durations become the quantiles of the last window ({@code
 * tacho_node_timer_ping_pong_seconds}), all else a gauge.
 */
final class ExtraMetrics {

    private final Families families;
    private final Map<String, List<GaugeDataPointSnapshot>> gauges = new TreeMap<>();
    private final Map<String, List<SummaryDataPointSnapshot>> seconds = new TreeMap<>();
    private final Map<String, List<CounterDataPointSnapshot>> counters = new TreeMap<>();
    private final String owner;

    private ExtraMetrics(Families families, String owner) {
        this.families = families;
        this.owner = owner;
    }

    /** Writes the values of nodes. */
    static void write(Families families, List<KnownNode> nodes) {
        ExtraMetrics metrics = new ExtraMetrics(families, "node");
        for (KnownNode node : nodes) {
            Map<String, Extra> extras = node.detail().extras().byName();
            if (!extras.isEmpty()) {
                Labels labels = Labels.of("node", node.name(), "uid", node.uid());
                extras.forEach((name, extra) -> metrics.add(name, labels, extra));
            }
        }
        metrics.write(" of a node.");
    }

    /** Writes the merged values of the cluster. */
    static void write(Families families, ClusterTotals totals) {
        ExtraMetrics metrics = new ExtraMetrics(families, "cluster");
        totals.extras().forEach((name, extra) -> {
            if (extra.durations() == null) {
                metrics.addGauge(name, Labels.EMPTY, extra.value());
            } else {
                metrics.add(name, Labels.EMPTY, extra.durations());
            }
        });
        metrics.write(" of all nodes, merged as in /cluster.");
    }

    private void add(String name, Labels labels, Extra extra) {
        if (extra.durations() != null) {
            extra.durations().decodeIfReadable().ifPresent(durations -> add(name, labels, durations));
        } else if (extra.total() != null && extra.kind().equals(Extra.COUNTER)) {
            counters.computeIfAbsent(Extras.family(name), first -> new ArrayList<>())
                    .add(Families.counter(extra.total(), labels(name, labels)));
        } else {
            addGauge(name, labels, extra.value());
        }
    }

    private void addGauge(String name, Labels labels, long value) {
        gauges.computeIfAbsent(Extras.family(name), first -> new ArrayList<>())
                .add(Families.gauge(value, labels(name, labels)));
    }

    private void add(String name, Labels labels, DurationHistogram durations) {
        seconds.computeIfAbsent(Extras.family(name), first -> new ArrayList<>())
                .add(Families.quantiles(durations, labels(name, labels)));
    }

    private static Labels labels(String name, Labels labels) {
        Labels all = labels;
        for (Map.Entry<String, String> label : Extras.labels(name).entrySet()) {
            all = all.add(label.getKey(), label.getValue());
        }
        return all;
    }

    private void write(String help) {
        String prefix = "tacho_" + owner + "_extra_";
        gauges.forEach(
                (family, points) -> families.gauge(prefix + family, null, "The extra value " + family + help, points));
        seconds.forEach((family, points) -> families.summary(
                "tacho_" + owner + "_timer_" + family,
                Unit.SECONDS,
                "Quantiles of the durations " + family + " in the last window" + help,
                points));
        // a family has one type
        counters.keySet().removeAll(gauges.keySet());
        counters.forEach((family, points) ->
                families.counter(prefix + family, null, "The extra counter " + family + help, points));
    }
}

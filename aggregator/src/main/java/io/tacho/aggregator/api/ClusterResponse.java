// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacho.aggregator.collect.Collector;
import io.tacho.aggregator.collect.CollectorMetrics;
import io.tacho.aggregator.collect.CollectorMetrics.Fate;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.LiveNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How far the answers can be trusted: how many nodes are in which state, who went lately, what was refused, what is odd. */
public final class ClusterResponse {

    private final Collector collector;
    private final ClusterView view;

    public ClusterResponse(Collector collector, ClusterView view) {
        this.collector = collector;
        this.view = view;
    }

    /** The body, UTF-8 JSON. */
    public byte[] body() {
        List<LiveNode> nodes = view.list().nodes();
        Set<String> overdue = view.overdue().stream().map(LiveNode::uid).collect(Collectors.toSet());
        long stale = nodes.stream().filter(node -> overdue.contains(node.uid())).count();
        long draining = nodes.stream()
                .filter(node -> node.envelope().status().draining() && !overdue.contains(node.uid()))
                .count();
        ObjectNode body = ApiJson.object();
        body.putObject("nodes")
                .put("live", nodes.size() - draining - stale)
                .put("draining", draining)
                .put("stale", stale);
        body.putObject("view")
                .put("ready", collector.isReady())
                .put("stale_ms", collector.staleFor().toMillis());
        addCounts(body, collector.metrics());
        addWarnings(body.putArray("warnings"), nodes);
        return ApiJson.write(body);
    }

    private static void addCounts(ObjectNode body, CollectorMetrics metrics) {
        ObjectNode lately =
                body.putObject("lately").put("seconds", metrics.recentWindow().toSeconds());
        ObjectNode total = body.putObject("total");
        for (Fate fate : Fate.values()) {
            lately.put(fate.label(), metrics.lately(fate));
            total.put(fate.label(), metrics.total(fate));
        }
        ObjectNode malformed = body.putObject("messages")
                .put("received", metrics.received())
                .put("outdated", metrics.outdated())
                .put("refused", metrics.refused())
                .putObject("malformed");
        metrics.malformed().forEach(malformed::put);
    }

    private void addWarnings(ArrayNode warnings, List<LiveNode> nodes) {
        view.duplicates().forEach((name, sharing) -> {
            ArrayNode uids = warning(
                            warnings, "duplicate_name", "name " + name + " has " + sharing.size() + " live nodes")
                    .put("name", name)
                    .putArray("uids");
            sharing.forEach(node -> uids.add(node.uid()));
        });
        Map<Long, Long> intervals = nodes.stream()
                .collect(Collectors.groupingBy(
                        node -> node.envelope().metricsIntervalSeconds(), TreeMap::new, Collectors.counting()));
        if (intervals.size() > 1) {
            ObjectNode counts = warning(
                            warnings, "mixed_metrics_interval", "counters of different nodes cover different times")
                    .putObject("nodes_by_seconds");
            intervals.forEach((seconds, count) -> counts.put(seconds.toString(), count));
        }
        if (nodes.size() >= view.maxNodes()) {
            warning(warnings, "view_full", "more nodes than max-nodes " + view.maxNodes() + " are not listed");
        }
    }

    private static ObjectNode warning(ArrayNode warnings, String code, String message) {
        return warnings.addObject().put("code", code).put("message", message);
    }
}

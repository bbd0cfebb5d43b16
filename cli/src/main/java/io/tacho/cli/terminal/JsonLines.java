// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.terminal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacho.text.Printable;
import java.time.Instant;
import java.util.List;

/** Nodes as JSON in one line. */
final class JsonLines {

    private JsonLines() {}

    /**
     * Returns the cluster at one instant: the 22 fields and the state of every node that passes the filter, and the totals of these
     * nodes.
     */
    static String of(LiveCluster.Snapshot snapshot, NodeFilter filter, NodeSort sort, Instant now) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("at", now.toString())
                .put("connected", snapshot.connected())
                .put("stale_ms", snapshot.staleMillis())
                .put("metrics_interval", snapshot.metricsIntervalSeconds());
        line.putObject("partitions")
                .put("total", snapshot.partitions().total())
                .put("disconnected", snapshot.partitions().disconnected());
        ArrayNode nodes = line.putArray("nodes");
        List<Node> shown = snapshot.nodes().stream()
                .filter(node -> filter.holds(node, now.getEpochSecond()))
                .sorted(sort.comparator())
                .toList();
        shown.forEach(node -> nodes.addObject()
                .<ObjectNode>setAll((ObjectNode) node.fields().deepCopy())
                .put("state", node.state().label()));
        Totals totals = snapshot.totals(shown);
        ObjectNode numbers = line.putObject("totals");
        totals.values().forEach((column, value) -> numbers.put(column.field().wireName(), value));
        ArrayNode upperBounds = line.putArray("upper_bounds");
        totals.upperBounds().forEach(column -> upperBounds.add(column.field().wireName()));
        return Printable.line(line.toString());
    }

    /** In the form of {@code GET /stats}. */
    static String of(List<Node> nodes, long metricsIntervalSeconds) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        ArrayNode list = line.putObject("data").putArray("nodes");
        nodes.forEach(node -> list.add(node.fields()));
        ((ObjectNode) line.path("data")).put("metrics_interval", metricsIntervalSeconds);
        return Printable.line(line.toString());
    }
}

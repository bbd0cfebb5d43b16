// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.KnownNode;
import io.tacho.aggregator.view.ViewStatus;
import io.tacho.aggregator.view.detail.DetailStatus;
import io.tacho.model.Envelope.Conflict;
import io.tacho.model.Quality;
import io.tacho.units.Quantity;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Anomalies of a cluster that an operator should look at. Of each kind, at most the first {@value #LISTED} are listed.
 *
 * <p>Thread safety: confined to one thread.
 */
final class ClusterWarnings {

    private static final int LISTED = 20;

    private final ArrayNode warnings;

    ClusterWarnings(ArrayNode warnings) {
        this.warnings = warnings;
    }

    void write(ClusterView view, List<KnownNode> nodes, Collection<String> unreadable) {
        disconnected(view);
        duplicates(view.nodesByDuplicateName());
        conflicts(view.conflicts().current());
        skew(
                "mixed_metrics_interval",
                "counters of different nodes cover different times",
                "nodes_by_seconds",
                counts(nodes, node -> node.envelope().metricsIntervalSeconds()));
        skew(
                "version_skew",
                "nodes run different versions",
                "nodes_by_version",
                counts(nodes, node -> node.envelope().status().version()));
        List<String> old = nodes.stream()
                .filter(node -> node.envelope().status().quality().contains(Quality.STALE))
                .map(KnownNode::uid)
                .toList();
        uids("stale_numbers", " nodes beat, but what they report on has fallen silent", old);
        uids("unreadable_detail", " nodes publish unreadable histograms or sketches", unreadable);
        DetailStatus detail = view.detailStatus();
        if (detail.droppedNodes() > 0) {
            warning(
                    "detail_dropped",
                    "histograms and sketches of " + detail.droppedNodes() + " nodes do not fit into max-detail-memory "
                            + Quantity.BYTES.format(detail.maxBytes()) + ": quantiles are those of the other nodes");
        }
        if (nodes.size() >= view.maxNodes()) {
            warning("view_full", "more nodes than max-nodes " + view.maxNodes() + " are not listed");
        }
    }

    private void disconnected(ClusterView view) {
        ViewStatus status = view.status();
        if (status.isReady() && !status.isComplete()) {
            warning(
                    "partitions_disconnected",
                    status.disconnected() + " of " + status.partitions() + " partitions are disconnected; their "
                            + view.disconnectedNodeCount() + " nodes are as they were");
        }
    }

    private void duplicates(Map<String, List<KnownNode>> duplicates) {
        duplicates.entrySet().stream().limit(LISTED).forEach(duplicate -> {
            String name = duplicate.getKey();
            List<KnownNode> sharing = duplicate.getValue();
            ObjectNode warning = warning("duplicate_name", "name " + name + " has " + sharing.size() + " live nodes")
                    .put("name", name);
            list(warning, sharing.stream().map(KnownNode::uid).toList());
        });
        if (duplicates.size() > LISTED) {
            warning("duplicate_name", (duplicates.size() - LISTED) + " more names have several live nodes");
        }
    }

    private void conflicts(List<Conflict> conflicts) {
        conflicts.stream().limit(LISTED).forEach(conflict -> {
            ObjectNode warning = warning(
                    "writer_conflict",
                    "two agents publish " + conflict.uid() + ": beats of " + conflict.holder()
                            + " are accepted, those of " + conflict.rejected() + " are rejected");
            list(warning, List.of(conflict.uid()));
        });
        if (conflicts.size() > LISTED) {
            warning("writer_conflict", (conflicts.size() - LISTED) + " more nodes have two agents");
        }
    }

    /** {@return how many nodes have each value, which are all strings or all numbers; neighbors usually have the same one} */
    private static Map<Object, Long> counts(List<KnownNode> nodes, Function<KnownNode, @Nullable Object> property) {
        Map<Object, Long> counts = new TreeMap<>();
        Object last = null;
        long equal = 0;
        for (KnownNode node : nodes) {
            Object value = property.apply(node);
            if (!Objects.equals(last, value)) {
                add(counts, last, equal);
                last = value;
                equal = 0;
            }
            equal++;
        }
        add(counts, last, equal);
        return counts;
    }

    private static void add(Map<Object, Long> counts, @Nullable Object value, long count) {
        if (value != null) {
            counts.merge(value, count, Long::sum);
        }
    }

    private void skew(String code, String message, String member, Map<Object, Long> counts) {
        if (counts.size() > 1) {
            ObjectNode listed = warning(code, message).putObject(member);
            counts.entrySet().stream()
                    .limit(LISTED)
                    .forEach(count -> listed.put(count.getKey().toString(), count.getValue()));
        }
    }

    private void uids(String code, String message, Collection<String> uids) {
        if (!uids.isEmpty()) {
            list(warning(code, uids.size() + message), uids);
        }
    }

    private static void list(ObjectNode warning, Collection<String> uids) {
        ArrayNode listed = warning.putArray("uids");
        uids.stream().limit(LISTED).forEach(listed::add);
    }

    private ObjectNode warning(String code, String message) {
        return warnings.addObject().put("code", code).put("message", message);
    }
}

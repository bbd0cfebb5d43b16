// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacho.aggregator.outlier.OutlierReport;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.KnownNode;
import io.tacho.aggregator.view.NodeState;
import io.tacho.model.Field;
import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeStatus;
import io.tacho.model.NodeTotals;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.model.TotalField;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The responses with details of nodes beyond the 22 fields: {@code /nodes}, a light list, and {@code /nodes/<uid>}, all of one.
 *
 * <p>Thread safety: safe.
 */
public final class NodesResponse {

    private static final Set<String> PARAMETERS = Set.of("node", "name", "label", "state", "limit", "offset");

    private final ClusterView view;
    private final LongSupplier nanoTime;
    private final Supplier<OutlierReport> outliers;

    /** Creates the responses for this view; the clock is the view's. */
    public NodesResponse(ClusterView view, Supplier<OutlierReport> outliers, LongSupplier nanoTime) {
        this.view = view;
        this.nanoTime = nanoTime;
        this.outliers = outliers;
    }

    /**
     * Returns the light list of the nodes that a query is about, UTF-8 JSON.
     *
     * @throws IllegalArgumentException naming the invalid parameter, the found and the expected value
     */
    public byte[] list(QueryParameters query) {
        query.requireKnown(PARAMETERS);
        NodeFilter filter = NodeFilter.of(query);
        NodeState state = state(query.single("state"));
        long now = nanoTime.getAsLong();
        List<KnownNode> found = view.nodeList().nodes().stream()
                .filter(filter::takes)
                .filter(node -> state == null || node.stateAt(now) == state)
                .toList();
        ObjectNode body = ApiJson.object().put("total", found.size());
        ArrayNode nodes = body.putArray("nodes");
        found.stream()
                .skip(query.count("offset", 0))
                .limit(query.count("limit", Integer.MAX_VALUE))
                .forEach(node -> addIdentity(nodes.addObject(), node, now));
        return ApiJson.write(body);
    }

    private static @Nullable NodeState state(@Nullable String label) {
        if (label == null) {
            return null;
        }
        for (NodeState state : NodeState.values()) {
            if (state.label().equals(label)) {
                return state;
            }
        }
        throw new IllegalArgumentException(
                "state: '" + QueryParameters.shown(label) + "' (expected: live, draining or stale)");
    }

    /** Returns all that is known of one node, UTF-8 JSON; null where there is none of that uid. */
    public byte @Nullable [] one(String uid) {
        KnownNode node = view.find(uid).orElse(null);
        if (node == null) {
            return null;
        }
        SnapshotEnvelope beat = node.envelope();
        NodeStatus status = beat.status();
        ObjectNode body = ApiJson.object();
        addIdentity(body, node, nanoTime.getAsLong());
        body.put("ttl_ms", node.ttlMillis()).put("metrics_interval", beat.metricsIntervalSeconds());
        if (status.publishIntervalMillis() > 0) {
            body.put("publish_interval_ms", status.publishIntervalMillis());
        }
        MetricsWindow window = beat.window();
        if (window != null) {
            body.putObject("window").put("start_ms", window.startMillis()).put("end_ms", window.endMillis());
        }
        ObjectNode quality = body.putObject("quality");
        status.quality().byWireName().forEach((field, mark) -> quality.put(field, mark.label()));
        NodeTotals totals = beat.totals();
        if (totals != null) {
            ObjectNode json = body.putObject("totals");
            TotalField.ALL.forEach(total -> json.put(total.wireName(), total.of(totals)));
        }
        ExtrasJson.write(body, node.detail().extras());
        putFields(body.putObject("stats"), beat.snapshot());
        return ApiJson.write(body);
    }

    private static void putFields(ObjectNode json, NodeSnapshot snapshot) {
        for (Field field : Field.values()) {
            if (field.isNumber()) {
                json.put(field.wireName(), snapshot.number(field));
            } else {
                json.put(field.wireName(), snapshot.text(field));
            }
        }
    }

    private void addIdentity(ObjectNode body, KnownNode node, long now) {
        NodeStatus status = node.envelope().status();
        body.put("uid", node.uid())
                .put("name", node.name())
                .put("state", node.stateAt(now).label())
                .put("age_ms", Math.max(0, TimeUnit.NANOSECONDS.toMillis(now - node.beatNanos())));
        if (status.host() != null) {
            body.put("host", status.host());
        }
        if (status.version() != null) {
            body.put("version", status.version());
        }
        if (status.address() != null) {
            body.put("address", status.address());
        }
        ObjectNode labels = body.putObject("labels");
        status.labels().forEach(labels::put);
        OutliersJson.writeNode(body, outliers.get().of(node.uid()));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacho.aggregator.outlier.OutlierReport;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.KnownNode;
import io.tacho.aggregator.view.NodeState;
import io.tacho.model.Extras;
import io.tacho.model.Field;
import io.tacho.model.MembershipChange;
import io.tacho.model.MembershipEvent;
import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeStatus;
import io.tacho.model.NodeTotals;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.model.TotalField;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The responses with details of nodes beyond the 22 fields: {@code /nodes}, a light list, and {@code /nodes/<uid>}, all of one. Nodes
 * that are gone are those whose departure is among the last membership changes.
 *
 * <p>Thread safety: safe.
 */
public final class NodesResponse {

    private static final Set<String> PARAMETERS = Set.of("node", "name", "label", "state", "limit", "offset");

    /** The states of nodes that are present, then those of nodes that are gone. */
    private static final List<String> STATES = Stream.concat(
                    Stream.of(NodeState.values()).map(NodeState::label),
                    Stream.of(MembershipEvent.values())
                            .filter(MembershipEvent::isDeparture)
                            .map(MembershipEvent::label))
            .toList();

    private final ClusterView view;
    private final LongSupplier nanoTime;
    private final Supplier<Map<String, MembershipChange>> departures;
    private final Supplier<OutlierReport> outliers;
    private final ToLongFunction<String> surplus;

    /**
     * Creates the responses for this view.
     *
     * @param departures the nodes that are gone, by uid
     * @param surplus the connections of a uid above its fair share
     * @param nanoTime the clock of the view
     */
    public NodesResponse(
            ClusterView view,
            Supplier<Map<String, MembershipChange>> departures,
            Supplier<OutlierReport> outliers,
            ToLongFunction<String> surplus,
            LongSupplier nanoTime) {
        this.view = view;
        this.departures = departures;
        this.nanoTime = nanoTime;
        this.outliers = outliers;
        this.surplus = surplus;
    }

    /**
     * Returns the light list of the nodes that a query is about, UTF-8 JSON; nodes that are gone only if the query asks for their state.
     *
     * @throws IllegalArgumentException naming the invalid parameter, the found and the expected value
     */
    public byte[] list(QueryParameters query) {
        query.requireKnown(PARAMETERS);
        NodeFilter filter = NodeFilter.of(query);
        Set<String> states = states(query.single("state"));
        long now = nanoTime.getAsLong();
        Stream<Consumer<ObjectNode>> present = view.nodeList().nodes().stream()
                .filter(node -> filter.takes(node.envelope()))
                .filter(node ->
                        states.isEmpty() || states.contains(node.stateAt(now).label()))
                .map(node -> json -> addIdentity(json, node, now));
        Stream<Consumer<ObjectNode>> gone = departures.get().values().stream()
                .filter(change -> states.contains(change.event().label()))
                .filter(change -> filter.takes(change.beat()))
                .filter(change -> view.find(change.node().uid()).isEmpty())
                .map(change -> json -> addIdentity(json, change));
        List<Consumer<ObjectNode>> found = Stream.concat(present, gone).toList();
        ObjectNode body = ApiJson.object().put("total", found.size());
        ArrayNode nodes = body.putArray("nodes");
        found.stream()
                .skip(query.count("offset", 0))
                .limit(query.count("limit", Integer.MAX_VALUE))
                .forEach(node -> node.accept(nodes.addObject()));
        return ApiJson.write(body);
    }

    private static Set<String> states(@Nullable String list) {
        if (list == null) {
            return Set.of();
        }
        Set<String> states = new HashSet<>();
        for (String state : list.split(",", -1)) {
            if (!STATES.contains(state)) {
                throw new IllegalArgumentException("state: '" + QueryParameters.shown(state) + "' (expected: "
                        + String.join(", ", STATES) + ", or several separated by commas)");
            }
            states.add(state);
        }
        return states;
    }

    /** Returns all that is known of one node, UTF-8 JSON, also if it is gone; null where there is none of that uid. */
    public byte @Nullable [] one(String uid) {
        KnownNode node = view.find(uid).orElse(null);
        MembershipChange departure = departures.get().get(uid);
        ObjectNode body = ApiJson.object();
        if (node != null) {
            addIdentity(body, node, nanoTime.getAsLong());
            addBeat(body, node.envelope(), node.ttlMillis(), node.detail().extras());
        } else if (departure != null) {
            addIdentity(body, departure);
            addBeat(body, departure.beat(), departure.beat().ttlMillis(), Extras.NONE);
        } else {
            return null;
        }
        return ApiJson.write(body);
    }

    private static void addBeat(ObjectNode body, SnapshotEnvelope beat, long ttlMillis, Extras extras) {
        NodeStatus status = beat.status();
        body.put("ttl_ms", ttlMillis).put("metrics_interval", beat.metricsIntervalSeconds());
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
        ExtrasJson.write(body, extras);
        putFields(body.putObject("stats"), beat.snapshot());
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
        addName(body, node.envelope().snapshot(), node.stateAt(now).label());
        body.put("age_ms", Math.max(0, TimeUnit.NANOSECONDS.toMillis(now - node.beatNanos())));
        addStatus(body, node.envelope().status());
        long above = surplus.applyAsLong(node.uid());
        if (above > 0) {
            body.put("surplus", above);
        }
        OutliersJson.writeNode(body, outliers.get().of(node.uid()));
    }

    private static void addIdentity(ObjectNode body, MembershipChange departure) {
        addName(body, departure.node(), departure.event().label());
        body.put("departed_ms", departure.timeMillis());
        addStatus(body, departure.beat().status());
    }

    private static void addName(ObjectNode body, NodeSnapshot snapshot, String state) {
        body.put("uid", snapshot.uid()).put("name", snapshot.name()).put("state", state);
    }

    private static void addStatus(ObjectNode body, NodeStatus status) {
        if (status.host() != null) {
            body.put("host", status.host());
        }
        if (status.version() != null) {
            body.put("version", status.version());
        }
        if (status.address() != null) {
            body.put("address", status.address());
        }
        if (status.capacity() > 0) {
            body.put("capacity", status.capacity());
        }
        ObjectNode labels = body.putObject("labels");
        status.labels().forEach(labels::put);
    }
}

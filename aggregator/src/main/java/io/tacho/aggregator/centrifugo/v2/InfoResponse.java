// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.centrifugo.v2;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tacho.aggregator.api.ApiJson;
import io.tacho.aggregator.cluster.CostThrottledCache;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.KnownNode;
import io.tacho.aggregator.view.NodeList;
import io.tacho.model.Extra;
import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.SnapshotEnvelope;
import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * The result of {@code info} in the format of Centrifugo 2 to 6: <code>{"nodes":[…]}</code>, members in its order.
 *
 * <p>Thread safety: safe.
 */
public final class InfoResponse {

    private final ClusterView view;
    private final InstantSource clock;
    private final CostThrottledCache<byte[]> response;

    /**
     * Creates the response of an aggregator.
     *
     * @param clock determines the uptime of nodes
     * @param executor computes large responses
     * @param nanoTime monotonic clock
     */
    public InfoResponse(ClusterView view, InstantSource clock, Executor executor, LongSupplier nanoTime) {
        this.view = view;
        this.clock = clock;
        response = new CostThrottledCache<>(view, this::make, executor, nanoTime);
    }

    /** Returns the result as UTF-8 JSON; shared, must not be changed. */
    CompletionStage<byte[]> result() {
        return response.get();
    }

    private byte[] make() {
        NodeList list = view.nodeList();
        return ApiJson.write(64 + list.nodes().size() * 1_024, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("nodes");
            for (KnownNode node : list.nodes()) {
                write(json, node, list.nodes().size());
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private void write(JsonGenerator json, KnownNode node, int numNodes) throws IOException {
        SnapshotEnvelope beat = node.envelope();
        NodeSnapshot snapshot = beat.snapshot();
        String version = beat.status().version();
        json.writeStartObject();
        json.writeStringField("uid", snapshot.uid());
        json.writeStringField("name", snapshot.name());
        json.writeStringField("version", version == null ? "" : version);
        json.writeNumberField("num_clients", snapshot.number(Field.NUM_CLIENTS));
        json.writeNumberField("num_users", snapshot.number(Field.NUM_UNIQUE_CLIENTS));
        json.writeNumberField("num_channels", snapshot.number(Field.NUM_CHANNELS));
        long started = snapshot.number(Field.STARTED_AT);
        unlessZero(json, "uptime", started == 0 ? 0 : clock.millis() / 1_000 - started);
        if (InfoItems.areKnown(beat)) {
            json.writeObjectFieldStart("metrics");
            json.writeNumberField("interval", beat.metricsIntervalSeconds());
            json.writeObjectFieldStart("items");
            new InfoItems(json, node).write(numNodes);
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeObjectFieldStart("process");
        unlessZero(json, "cpu", snapshot.number(Field.CPU_USAGE));
        unlessZero(json, "rss", snapshot.number(Field.MEMORY_SYS));
        json.writeEndObject();
        Extra subscriptions = node.detail().extras().byName().get("num_subs");
        json.writeNumberField("num_subs", subscriptions == null ? 0 : subscriptions.value());
        json.writeEndObject();
    }

    private static void unlessZero(JsonGenerator json, String field, long value) throws IOException {
        if (value > 0) {
            json.writeNumberField(field, value);
        }
    }
}

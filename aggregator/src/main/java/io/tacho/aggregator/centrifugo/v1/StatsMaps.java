// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.centrifugo.v1;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tacho.aggregator.api.ApiJson;
import io.tacho.aggregator.cluster.CostThrottledCache;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.KnownNode;
import io.tacho.aggregator.view.NodeList;
import io.tacho.model.Extra;
import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.RequestKind;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.Encoded;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * The body of {@code stats} in the form of Centrifugo 1.4 to 1.8, where a node has its numbers in a map of integers:
 * <code>{"data":{"nodes":[{"uid":…,"name":…,"started_at":…,"metrics":{…}}],"metrics_interval":60}}</code>. Numbers that a node
 * does not report are absent, which clients of Go read as 0.
 *
 * <p>Thread safety: safe.
 */
public final class StatsMaps {

    private static final Map<Field, String> NAMES = Map.ofEntries(
            Map.entry(Field.NUM_GOROUTINE, "node_num_goroutine"),
            Map.entry(Field.NUM_CLIENTS, "node_num_clients"),
            Map.entry(Field.NUM_UNIQUE_CLIENTS, "node_num_unique_clients"),
            Map.entry(Field.NUM_CHANNELS, "node_num_channels"),
            Map.entry(Field.NUM_MSG_PUBLISHED, "node_num_client_msg_published"),
            Map.entry(Field.NUM_MSG_QUEUED, "client_num_msg_queued"),
            Map.entry(Field.NUM_MSG_SENT, "client_num_msg_sent"),
            Map.entry(Field.NUM_API_REQUESTS, "http_api_num_requests"),
            Map.entry(Field.NUM_CLIENT_REQUESTS, "client_api_num_requests"),
            Map.entry(Field.BYTES_CLIENT_IN, "client_bytes_in"),
            Map.entry(Field.BYTES_CLIENT_OUT, "client_bytes_out"),
            Map.entry(Field.MEMORY_SYS, "node_memory_sys"),
            Map.entry(Field.CPU_USAGE, "node_cpu_usage"));

    private static final Map<String, Double> QUANTILES =
            Map.of("50%ile", 0.5, "90%ile", 0.9, "99%ile", 0.99, "99.99%ile", 0.9999);

    private static final long NANOS_PER_MICRO = 1_000;

    private final ClusterView view;
    private final InstantSource clock;
    private final CostThrottledCache<byte[]> body;

    /**
     * Creates the response of an aggregator.
     *
     * @param clock determines the uptime of nodes
     * @param executor computes large responses
     * @param nanoTime monotonic clock
     */
    public StatsMaps(ClusterView view, InstantSource clock, Executor executor, LongSupplier nanoTime) {
        this.view = view;
        this.clock = clock;
        body = new CostThrottledCache<>(view, this::make, executor, nanoTime);
    }

    /** Returns the body as UTF-8 JSON; shared, must not be changed. */
    public CompletionStage<byte[]> body() {
        return body.get();
    }

    private byte[] make() {
        NodeList list = view.nodeList();
        return ApiJson.write(64 + list.nodes().size() * 1_024, json -> {
            json.writeStartObject();
            json.writeObjectFieldStart("data");
            json.writeArrayFieldStart("nodes");
            for (KnownNode node : list.nodes()) {
                write(json, node);
            }
            json.writeEndArray();
            json.writeNumberField("metrics_interval", list.metricsIntervalSeconds());
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    private void write(JsonGenerator json, KnownNode node) throws IOException {
        NodeSnapshot snapshot = node.envelope().snapshot();
        json.writeStartObject();
        json.writeStringField("uid", snapshot.uid());
        json.writeStringField("name", snapshot.name());
        json.writeNumberField("started_at", snapshot.number(Field.STARTED_AT));
        json.writeObjectFieldStart("metrics");
        for (Map.Entry<String, Long> metric : metrics(node).entrySet()) {
            json.writeNumberField(metric.getKey(), metric.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    /** Returns the numbers in the order of their names, as Go writes a map. */
    private Map<String, Long> metrics(KnownNode node) {
        SnapshotEnvelope beat = node.envelope();
        Map<String, Long> metrics = new TreeMap<>();
        NAMES.forEach((field, name) -> put(metrics, name, beat, field, 1));
        long startedAt = beat.snapshot().number(Field.STARTED_AT);
        if (startedAt > 0) {
            metrics.put("node_uptime_seconds", Math.max(0, clock.millis() / 1_000 - startedAt));
        }
        Extra connects = node.detail().extras().byName().get("connects");
        if (connects != null) {
            metrics.put("client_num_connect", connects.value());
        }
        for (RequestKind requests : RequestKind.values()) {
            String name = (requests == RequestKind.API ? "http_api" : "client_api") + "_1_";
            put(metrics, name + "count", beat, requests.count(), 1);
            put(metrics, name + "microseconds_mean", beat, requests.mean(), NANOS_PER_MICRO);
            put(metrics, name + "microseconds_max", beat, requests.max(), NANOS_PER_MICRO);
            Encoded<DurationHistogram> times = node.detail().times(requests);
            if (times != null) {
                times.decodeIfReadable()
                        .ifPresent(durations -> QUANTILES.forEach((quantile, q) -> metrics.put(
                                name + "microseconds_" + quantile, durations.quantile(q) / NANOS_PER_MICRO)));
            }
        }
        return metrics;
    }

    private static void put(Map<String, Long> metrics, String name, SnapshotEnvelope beat, Field field, long divisor) {
        if (beat.status().quality().isAvailable(field)) {
            metrics.put(name, beat.snapshot().number(field) / divisor);
        }
    }
}

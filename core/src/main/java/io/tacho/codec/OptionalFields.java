// SPDX-License-Identifier: Apache-2.0
package io.tacho.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeStatus;
import io.tacho.model.NodeTotals;
import io.tacho.model.Quality;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.model.WindowDetail;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What an envelope may say beside what it must: left out where there is nothing to say, checked where it is there. */
final class OptionalFields {

    private static final String WINDOW_START = "window_start_ms";
    private static final String WINDOW_END = "window_end_ms";
    private static final String HOST = "host";
    private static final String PUBLISH_INTERVAL = "publish_interval_ms";
    private static final String DRAINING = "draining";
    private static final String SOFTWARE_VERSION = "version";
    private static final String LABELS = "labels";
    private static final String QUALITY = "quality";
    private static final String TOTALS = "totals";
    private static final String HISTOGRAMS = "histograms";
    private static final String SKETCHES = "sketches";
    private static final String TIME_API = "time_api";
    private static final String TIME_CLIENT = "time_client";
    private static final String USERS = "users";
    private static final String CHANNELS = "channels";

    /** Those that are texts, whatever they look like. */
    static final Set<String> TEXTS = Set.of(HOST, SOFTWARE_VERSION);

    /** Those that are objects; in a hash their values are JSON. */
    static final Set<String> OBJECTS = Set.of(LABELS, QUALITY, TOTALS, HISTOGRAMS, SKETCHES);

    private OptionalFields() {}

    static void put(ObjectNode tree, SnapshotEnvelope beat) {
        MetricsWindow window = beat.window();
        if (window != null) {
            tree.put(WINDOW_START, window.startMillis()).put(WINDOW_END, window.endMillis());
        }
        NodeStatus status = beat.status();
        putText(tree, HOST, status.host());
        if (status.publishIntervalMillis() > 0) {
            tree.put(PUBLISH_INTERVAL, status.publishIntervalMillis());
        }
        if (status.draining()) {
            tree.put(DRAINING, 1);
        }
        putText(tree, SOFTWARE_VERSION, status.version());
        if (!status.labels().isEmpty()) {
            ObjectNode labels = tree.putObject(LABELS);
            status.labels().forEach(labels::put);
        }
        if (!status.quality().isEmpty()) {
            ObjectNode quality = tree.putObject(QUALITY);
            status.quality().forEach((field, mark) -> quality.put(field, mark.label()));
        }
        NodeTotals totals = beat.totals();
        if (totals != null) {
            putTotals(tree.putObject(TOTALS), totals);
        }
        WindowDetail detail = beat.detail();
        putPair(tree, HISTOGRAMS, TIME_API, detail.timeApi(), TIME_CLIENT, detail.timeClient());
        putPair(tree, SKETCHES, USERS, detail.users(), CHANNELS, detail.channels());
    }

    private static void putTotals(ObjectNode tree, NodeTotals totals) {
        tree.put("num_msg_published", totals.numMsgPublished())
                .put("num_msg_queued", totals.numMsgQueued())
                .put("num_msg_sent", totals.numMsgSent())
                .put("num_api_requests", totals.numApiRequests())
                .put("num_client_requests", totals.numClientRequests())
                .put("bytes_client_in", totals.bytesClientIn())
                .put("bytes_client_out", totals.bytesClientOut())
                .put("time_api_sum", totals.timeApiSum())
                .put("time_client_sum", totals.timeClientSum());
    }

    private static void putPair(
            ObjectNode tree,
            String object,
            String first,
            @Nullable String firstText,
            String second,
            @Nullable String secondText) {
        if (firstText != null || secondText != null) {
            ObjectNode pair = tree.putObject(object);
            putText(pair, first, firstText);
            putText(pair, second, secondText);
        }
    }

    private static void putText(ObjectNode tree, String field, @Nullable String text) {
        if (text != null) {
            tree.put(field, text);
        }
    }

    static @Nullable MetricsWindow window(JsonNode tree) throws MalformedSnapshotException {
        return tree.has(WINDOW_END)
                ? new MetricsWindow(Fields.integer(tree, WINDOW_START), Fields.integer(tree, WINDOW_END))
                : null;
    }

    static NodeStatus status(JsonNode tree) throws MalformedSnapshotException {
        return new NodeStatus(
                textOrNull(tree, HOST),
                tree.has(PUBLISH_INTERVAL) ? Fields.integer(tree, PUBLISH_INTERVAL) : 0,
                tree.has(DRAINING) && Fields.integer(tree, DRAINING) != 0,
                textOrNull(tree, SOFTWARE_VERSION),
                labels(tree),
                quality(tree));
    }

    private static Map<String, String> labels(JsonNode tree) throws MalformedSnapshotException {
        if (!tree.has(LABELS)) {
            return Map.of();
        }
        Map<String, String> labels = new TreeMap<>();
        JsonNode found = Fields.object(tree, LABELS);
        for (Map.Entry<String, JsonNode> label : found.properties()) {
            labels.put(label.getKey(), Fields.text(found, label.getKey()));
        }
        return labels;
    }

    private static Map<String, Quality> quality(JsonNode tree) throws MalformedSnapshotException {
        if (!tree.has(QUALITY)) {
            return Map.of();
        }
        Map<String, Quality> quality = new TreeMap<>();
        JsonNode found = Fields.object(tree, QUALITY);
        for (Map.Entry<String, JsonNode> mark : found.properties()) {
            quality.put(mark.getKey(), Quality.of(Fields.text(found, mark.getKey())));
        }
        return quality;
    }

    static @Nullable NodeTotals totals(JsonNode tree) throws MalformedSnapshotException {
        if (!tree.has(TOTALS)) {
            return null;
        }
        JsonNode totals = Fields.object(tree, TOTALS);
        return new NodeTotals(
                Fields.integer(totals, "num_msg_published"),
                Fields.integer(totals, "num_msg_queued"),
                Fields.integer(totals, "num_msg_sent"),
                Fields.integer(totals, "num_api_requests"),
                Fields.integer(totals, "num_client_requests"),
                Fields.integer(totals, "bytes_client_in"),
                Fields.integer(totals, "bytes_client_out"),
                Fields.integer(totals, "time_api_sum"),
                Fields.integer(totals, "time_client_sum"));
    }

    static WindowDetail detail(JsonNode tree) throws MalformedSnapshotException {
        boolean histograms = tree.has(HISTOGRAMS);
        boolean sketches = tree.has(SKETCHES);
        if (!histograms && !sketches) {
            return WindowDetail.NONE;
        }
        JsonNode times = histograms ? Fields.object(tree, HISTOGRAMS) : tree.path(HISTOGRAMS);
        JsonNode sets = sketches ? Fields.object(tree, SKETCHES) : tree.path(SKETCHES);
        return new WindowDetail(
                textOrNull(times, TIME_API),
                textOrNull(times, TIME_CLIENT),
                textOrNull(sets, USERS),
                textOrNull(sets, CHANNELS));
    }

    private static @Nullable String textOrNull(JsonNode tree, String field) throws MalformedSnapshotException {
        return tree.has(field) ? Fields.text(tree, field) : null;
    }
}

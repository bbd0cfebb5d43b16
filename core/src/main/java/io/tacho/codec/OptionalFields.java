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

    static @Nullable MetricsWindow window(Fields fields) throws MalformedSnapshotException {
        return fields.has(WINDOW_END)
                ? new MetricsWindow(fields.integer(WINDOW_START), fields.integer(WINDOW_END))
                : null;
    }

    static NodeStatus status(Fields fields) throws MalformedSnapshotException {
        return new NodeStatus(
                fields.textOrNull(HOST),
                fields.has(PUBLISH_INTERVAL) ? fields.integer(PUBLISH_INTERVAL) : 0,
                fields.has(DRAINING) && fields.integer(DRAINING) != 0,
                fields.textOrNull(SOFTWARE_VERSION),
                labels(fields),
                quality(fields));
    }

    private static Map<String, String> labels(Fields fields) throws MalformedSnapshotException {
        if (!fields.has(LABELS)) {
            return Map.of();
        }
        Map<String, String> labels = new TreeMap<>();
        JsonNode found = fields.open(LABELS);
        for (Map.Entry<String, JsonNode> label : found.properties()) {
            labels.put(label.getKey(), text(label));
        }
        return labels;
    }

    private static Map<String, Quality> quality(Fields fields) throws MalformedSnapshotException {
        if (!fields.has(QUALITY)) {
            return Map.of();
        }
        Map<String, Quality> quality = new TreeMap<>();
        JsonNode found = fields.open(QUALITY);
        for (Map.Entry<String, JsonNode> mark : found.properties()) {
            quality.put(mark.getKey(), Quality.of(text(mark)));
        }
        return quality;
    }

    static @Nullable NodeTotals totals(Fields fields) throws MalformedSnapshotException {
        if (!fields.has(TOTALS)) {
            return null;
        }
        Fields totals = fields.object(TOTALS);
        return new NodeTotals(
                totals.integer("num_msg_published"),
                totals.integer("num_msg_queued"),
                totals.integer("num_msg_sent"),
                totals.integer("num_api_requests"),
                totals.integer("num_client_requests"),
                totals.integer("bytes_client_in"),
                totals.integer("bytes_client_out"),
                totals.integer("time_api_sum"),
                totals.integer("time_client_sum"));
    }

    static WindowDetail detail(Fields fields) throws MalformedSnapshotException {
        Fields times = fields.has(HISTOGRAMS) ? fields.object(HISTOGRAMS) : null;
        Fields sets = fields.has(SKETCHES) ? fields.object(SKETCHES) : null;
        if (times == null && sets == null) {
            return WindowDetail.NONE;
        }
        return new WindowDetail(
                textOrNull(times, TIME_API),
                textOrNull(times, TIME_CLIENT),
                textOrNull(sets, USERS),
                textOrNull(sets, CHANNELS));
    }

    private static @Nullable String textOrNull(@Nullable Fields fields, String name) throws MalformedSnapshotException {
        return fields == null ? null : fields.textOrNull(name);
    }

    private static String text(Map.Entry<String, JsonNode> field) throws MalformedSnapshotException {
        if (!field.getValue().isTextual()) {
            throw Fields.bad(field.getKey(), field.getValue(), "a string");
        }
        return field.getValue().textValue();
    }
}

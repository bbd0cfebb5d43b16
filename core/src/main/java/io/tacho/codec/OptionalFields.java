// SPDX-License-Identifier: Apache-2.0
package io.tacho.codec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeStatus;
import io.tacho.model.NodeTotals;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.model.WindowDetail;
import org.jspecify.annotations.Nullable;

/** What an envelope may say beside what it must, as it is written: left out where there is nothing to say. */
final class OptionalFields {

    static final String WINDOW_START = "window_start_ms";
    static final String WINDOW_END = "window_end_ms";
    static final String HOST = "host";
    static final String PUBLISH_INTERVAL = "publish_interval_ms";
    static final String DRAINING = "draining";
    static final String SOFTWARE_VERSION = "version";
    static final String LABELS = "labels";
    static final String QUALITY = "quality";
    static final String TOTALS = "totals";
    static final String HISTOGRAMS = "histograms";
    static final String SKETCHES = "sketches";
    static final String TIME_API = "time_api";
    static final String TIME_CLIENT = "time_client";
    static final String USERS = "users";
    static final String CHANNELS = "channels";

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
            status.quality().byWireName().forEach((field, flag) -> quality.put(field, flag.label()));
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
}

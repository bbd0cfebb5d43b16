// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacho.aggregator.outlier.Outlier;
import io.tacho.aggregator.outlier.OutlierReport;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.KnownNode;
import io.tacho.aggregator.view.NodeChange;
import io.tacho.model.NodeStatus;
import java.io.ByteArrayOutputStream;
import java.util.function.Predicate;

/**
 * The data of events, as one line of JSON in UTF-8.
 *
 * <p>Thread safety: safe.
 */
public final class EventData {

    private final ClusterView view;

    public EventData(ClusterView view) {
        this.view = view;
    }

    /**
     * Returns the data of a change: uid and name, and of a node that is present its state, its 22 fields, and what merging them
     * needs: its host and quality flags, if it reports them.
     */
    public static byte[] of(NodeChange change) {
        KnownNode node = change.node();
        ByteArrayOutputStream data = new ByteArrayOutputStream(1_024);
        text(data, "{\"uid\":");
        data.writeBytes(ApiJson.write(node.uid()));
        text(data, ",\"name\":");
        data.writeBytes(ApiJson.write(node.name()));
        if (!change.kind().isDeparture()) {
            text(data, ",\"state\":\"" + (node.isDraining() ? "draining" : "live") + "\",\"seq\":" + node.seq());
            text(data, ",\"node\":");
            data.writeBytes(node.json());
            status(data, node.envelope().status());
        }
        text(data, "}");
        return data.toByteArray();
    }

    private static void status(ByteArrayOutputStream data, NodeStatus status) {
        if (status.host() != null) {
            text(data, ",\"host\":");
            data.writeBytes(ApiJson.write(status.host()));
        }
        if (!status.quality().isEmpty()) {
            ObjectNode quality = ApiJson.object();
            status.quality().byWireName().forEach((field, flag) -> quality.put(field, flag.label()));
            text(data, ",\"quality\":");
            data.writeBytes(ApiJson.write(quality));
        }
    }

    private static void text(ByteArrayOutputStream data, String text) {
        data.writeBytes(text.getBytes(UTF_8));
    }

    /** Returns the status of the view: the number of nodes, the metrics interval, and how much of the cluster it follows. */
    public byte[] status() {
        return ApiJson.write(ViewStatusJson.write(
                ApiJson.object()
                        .put("nodes", view.size())
                        .put("metrics_interval", view.nodeList().metricsIntervalSeconds()),
                view));
    }

    /** Returns the outliers that pass a filter: the number of nodes, and the deviations with the largest factors. */
    public static byte[] outliers(OutlierReport report, Predicate<Outlier> filter) {
        ObjectNode body = ApiJson.object();
        OutliersJson.writeCluster(body, report, filter);
        return ApiJson.write(body);
    }

    /** Returns the status of the view, with the reason for which a reader has to start over. */
    public static byte[] reset(String reason, byte[] status) {
        ByteArrayOutputStream data = new ByteArrayOutputStream(status.length + 64);
        text(data, "{\"reason\":\"" + reason + "\",");
        data.write(status, 1, status.length - 1);
        return data.toByteArray();
    }
}

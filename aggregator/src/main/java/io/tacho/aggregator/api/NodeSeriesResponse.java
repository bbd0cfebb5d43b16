// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacho.aggregator.history.NodeSeries;
import io.tacho.aggregator.history.RecentWindow;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.model.IntervalMetrics;
import io.tacho.model.WindowGauges;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The last windows of one node in columns of equal length, the eldest first.
 *
 * <p>Thread safety: safe.
 */
public final class NodeSeriesResponse {

    /** The fields that change, in the order of the 22. */
    private static final Map<String, ToLongFunction<RecentWindow>> FIELDS = new LinkedHashMap<>();

    static {
        gauge("num_goroutine", WindowGauges::numGoroutine);
        gauge("num_clients", WindowGauges::numClients);
        gauge("num_unique_clients", WindowGauges::numUniqueClients);
        gauge("num_channels", WindowGauges::numChannels);
        metric("num_msg_published", IntervalMetrics::numMsgPublished);
        metric("num_msg_queued", IntervalMetrics::numMsgQueued);
        metric("num_msg_sent", IntervalMetrics::numMsgSent);
        metric("num_api_requests", IntervalMetrics::numApiRequests);
        metric("num_client_requests", IntervalMetrics::numClientRequests);
        metric("bytes_client_in", IntervalMetrics::bytesClientIn);
        metric("bytes_client_out", IntervalMetrics::bytesClientOut);
        metric("time_api_mean", IntervalMetrics::timeApiMean);
        metric("time_client_mean", IntervalMetrics::timeClientMean);
        metric("time_api_max", IntervalMetrics::timeApiMax);
        metric("time_client_max", IntervalMetrics::timeClientMax);
        metric("memory_sys", IntervalMetrics::memorySys);
        metric("cpu_usage", IntervalMetrics::cpuUsage);
    }

    private final NodeSeries series;
    private final ClusterView view;

    public NodeSeriesResponse(NodeSeries series, ClusterView view) {
        this.series = series;
        this.view = view;
    }

    private static void gauge(String key, ToLongFunction<WindowGauges> field) {
        FIELDS.put(key, window -> field.applyAsLong(window.gauges()));
    }

    private static void metric(String key, ToLongFunction<IntervalMetrics> field) {
        FIELDS.put(key, window -> field.applyAsLong(window.metrics()));
    }

    /** The body, UTF-8 JSON; null where neither a window of that uid is remembered nor the node is there. */
    public byte @Nullable [] one(String uid) {
        List<RecentWindow> windows = series.of(uid);
        if (windows.isEmpty() && !view.holds(uid)) {
            return null;
        }
        ObjectNode body = ApiJson.object().put("uid", uid);
        column(body.putArray("start_ms"), windows, window -> window.window().startMillis());
        column(body.putArray("end_ms"), windows, window -> window.window().endMillis());
        ObjectNode fields = body.putObject("fields");
        FIELDS.forEach((key, field) -> column(fields.putArray(key), windows, field));
        return ApiJson.write(body);
    }

    private static void column(ArrayNode column, List<RecentWindow> windows, ToLongFunction<RecentWindow> value) {
        windows.forEach(window -> column.add(value.applyAsLong(window)));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacho.aggregator.history.NodeSeries;
import io.tacho.aggregator.history.RecentWindow;
import io.tacho.aggregator.view.ClusterView;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The last windows of one node in columns of equal length, oldest first.
 *
 * <p>Thread safety: safe.
 */
public final class NodeSeriesResponse {

    private final NodeSeries series;
    private final ClusterView view;

    public NodeSeriesResponse(NodeSeries series, ClusterView view) {
        this.series = series;
        this.view = view;
    }

    /** Returns the body, UTF-8 JSON; null if the node is not present and none of its windows is stored. */
    public byte @Nullable [] one(String uid) {
        List<RecentWindow> windows = series.windowsOf(uid);
        if (windows.isEmpty() && view.find(uid).isEmpty()) {
            return null;
        }
        ObjectNode body = ApiJson.object().put("uid", uid);
        column(body.putArray("start_ms"), windows, window -> window.window().startMillis());
        column(body.putArray("end_ms"), windows, window -> window.window().endMillis());
        ObjectNode fields = body.putObject("fields");
        for (int i = 0; i < RecentWindow.FIELDS.size(); i++) {
            int index = i;
            column(fields.putArray(RecentWindow.FIELDS.get(i).wireName()), windows, window -> window.number(index));
        }
        return ApiJson.write(body);
    }

    private static void column(ArrayNode column, List<RecentWindow> windows, ToLongFunction<RecentWindow> value) {
        windows.forEach(window -> column.add(value.applyAsLong(window)));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tacho.aggregator.history.NodeSeries;
import io.tacho.aggregator.history.RecentWindow;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.model.MembershipChange;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
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
    private final Supplier<Map<String, MembershipChange>> departures;

    /**
     * Creates the response.
     *
     * @param departures the nodes that are gone, by uid
     */
    public NodeSeriesResponse(NodeSeries series, ClusterView view, Supplier<Map<String, MembershipChange>> departures) {
        this.series = series;
        this.view = view;
        this.departures = departures;
    }

    /**
     * Returns the body, UTF-8 JSON. If no window of a node that is gone is stored, for example because the aggregator was restarted since, it
     * has only the one of the last beat.
     *
     * @return null if there is no such node
     */
    public byte @Nullable [] one(String uid) {
        List<RecentWindow> windows = series.windowsOf(uid);
        if (windows.isEmpty() && view.find(uid).isEmpty()) {
            MembershipChange departure = departures.get().get(uid);
            if (departure == null) {
                return null;
            }
            windows = List.of(RecentWindow.of(departure.beat(), departure.timeMillis()));
        }
        return ApiJson.write(columns(uid, windows));
    }

    private static ObjectNode columns(String uid, List<RecentWindow> windows) {
        ObjectNode body = ApiJson.object().put("uid", uid);
        column(body.putArray("start_ms"), windows, window -> window.window().startMillis());
        column(body.putArray("end_ms"), windows, window -> window.window().endMillis());
        ObjectNode fields = body.putObject("fields");
        for (int i = 0; i < RecentWindow.FIELDS.size(); i++) {
            int index = i;
            column(fields.putArray(RecentWindow.FIELDS.get(i).wireName()), windows, window -> window.number(index));
        }
        return body;
    }

    private static void column(ArrayNode column, List<RecentWindow> windows, ToLongFunction<RecentWindow> value) {
        windows.forEach(window -> column.add(value.applyAsLong(window)));
    }
}

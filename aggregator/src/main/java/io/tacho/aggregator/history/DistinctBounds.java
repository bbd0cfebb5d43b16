// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

import io.tacho.model.ClusterWindow;
import io.tacho.model.NodeSnapshot;
import io.tacho.sketch.DistinctCount;
import io.tacho.sketch.Encoded;
import io.tacho.sketch.HyperLogLog;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The estimated number of distinct users or channels in a step, with a lower and an upper bound. If the unions contain all nodes of
 * all windows, the bounds are those of the union. Otherwise the lower bound is the larger of the union and the largest node, and the
 * upper bound is the union plus the sum over the nodes of the windows that are not completely in it.
 */
final class DistinctBounds {

    private long lower;
    private long added;
    private boolean complete = true;
    private boolean any;
    private final HyperLogLog.Builder union = new HyperLogLog.Builder();
    private final HyperLogLog.Builder whole = new HyperLogLog.Builder();

    private DistinctBounds() {}

    /** Returns the bounds of the number of distinct users in these windows. */
    static DistinctBounds users(List<ClusterWindow> windows) {
        DistinctBounds bounds = new DistinctBounds();
        windows.forEach(window -> bounds.add(
                window.detail().users(),
                window.usersNodes() >= window.nodeWindows(),
                window.maxUniqueClients(),
                window.gauges().numUniqueClients()));
        return bounds;
    }

    /** Returns the bounds of the number of distinct channels in these windows. */
    static DistinctBounds channels(List<ClusterWindow> windows) {
        DistinctBounds bounds = new DistinctBounds();
        windows.forEach(window -> bounds.add(
                window.detail().channels(),
                window.channelsNodes() >= window.nodeWindows(),
                window.maxChannels(),
                window.gauges().numChannels()));
        return bounds;
    }

    private void add(@Nullable Encoded<HyperLogLog> encoded, boolean ofAllNodes, long most, long sum) {
        lower = Math.max(lower, most);
        HyperLogLog sketch = encoded == null ? null : encoded.decodeIfReadable().orElse(null);
        if (sketch != null) {
            any = true;
            union.add(sketch);
        }
        if (sketch != null && ofAllNodes) {
            whole.add(sketch);
        } else {
            complete = false;
            added = Math.min(NodeSnapshot.MAX_VALUE, added + sum);
        }
    }

    /** Sets the two bounds and the estimate in a step. */
    void write(HistoryStep step, HistoryField lowerField, HistoryField estimate, HistoryField upperField) {
        DistinctCount known = any ? union.count() : DistinctCount.ZERO;
        if (complete) {
            step.set(lowerField, known.lower());
            step.set(estimate, known.estimate());
            step.set(upperField, known.upper());
            return;
        }
        long atLeast = Math.max(lower, known.lower());
        long atMost =
                Math.max(atLeast, Math.min(NodeSnapshot.MAX_VALUE, whole.count().upper() + added));
        step.set(lowerField, atLeast);
        step.set(upperField, atMost);
        if (atLeast == atMost) {
            // a single node has none in common with others
            step.set(estimate, atLeast);
        }
    }
}

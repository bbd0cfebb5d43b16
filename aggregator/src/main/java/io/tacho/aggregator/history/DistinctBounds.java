// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

import io.tacho.model.ClusterWindow;
import io.tacho.model.NodeSnapshot;
import io.tacho.sketch.DistinctCount;
import io.tacho.sketch.DistinctSketch;
import io.tacho.sketch.DistinctUnion;
import io.tacho.sketch.Encoded;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Bounds of the number of distinct users or channels in a step. If all nodes of all its windows are in the unions, the bounds of these.
 * Where some are not, at least as many as in the unions and on the largest node, and at most as many as these and all that
 * the other windows' nodes had, added up.
 */
final class DistinctBounds {

    private long lower;
    private long added;
    private boolean complete = true;
    private boolean any;
    private final DistinctUnion union = new DistinctUnion();
    private final DistinctUnion whole = new DistinctUnion();

    private DistinctBounds() {}

    static DistinctBounds users(List<ClusterWindow> windows) {
        DistinctBounds bounds = new DistinctBounds();
        windows.forEach(window -> bounds.add(
                window.detail().users(),
                window.usersNodes() >= window.nodeWindows(),
                window.maxUniqueClients(),
                window.gauges().numUniqueClients()));
        return bounds;
    }

    static DistinctBounds channels(List<ClusterWindow> windows) {
        DistinctBounds bounds = new DistinctBounds();
        windows.forEach(window -> bounds.add(
                window.detail().channels(),
                window.channelsNodes() >= window.nodeWindows(),
                window.maxChannels(),
                window.gauges().numChannels()));
        return bounds;
    }

    private void add(@Nullable Encoded<DistinctSketch> encoded, boolean ofAllNodes, long most, long sum) {
        lower = Math.max(lower, most);
        DistinctSketch sketch =
                encoded == null ? null : encoded.decodeIfReadable().orElse(null);
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

    void write(HistoryStep step, HistoryField least, HistoryField estimate, HistoryField most) {
        DistinctCount known = any ? union.count() : DistinctCount.ZERO;
        if (complete) {
            step.set(least, known.lower());
            step.set(estimate, known.estimate());
            step.set(most, known.upper());
            return;
        }
        long atLeast = Math.max(lower, known.lower());
        long atMost =
                Math.max(atLeast, Math.min(NodeSnapshot.MAX_VALUE, whole.count().upper() + added));
        step.set(least, atLeast);
        step.set(most, atMost);
        if (atLeast == atMost) {
            // a single node has none in common with others
            step.set(estimate, atLeast);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.evaluate;

import io.tacho.aggregator.view.KnownNode;
import io.tacho.aggregator.view.NodeList;
import io.tacho.model.MetricsWindow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Detects which nodes have completed a new metrics window since the previous call. Several beats repeat the same window.
 *
 * <p>Thread safety: confined to one thread.
 */
public final class MetricsWindowTracker {

    private final Map<String, Long> lastWindowByUid = new HashMap<>();

    /** Records the current window of each node, and returns the nodes whose window differs from the previous call; on the first call all. */
    List<KnownNode> detectNewWindows(NodeList list, Set<String> changedUids, Instant now) {
        List<KnownNode> nodes = new ArrayList<>();
        for (KnownNode node : list.nodes()) {
            long window = currentWindow(node, now);
            Long previous = lastWindowByUid.put(node.uid(), window);
            if (previous == null || previous != window) {
                nodes.add(node);
            }
        }
        if (lastWindowByUid.size() > changedUids.size()) {
            lastWindowByUid.keySet().retainAll(changedUids);
        }
        return nodes;
    }

    /** Returns the end of the published window, or the number of the current interval if the node publishes no window. */
    private static long currentWindow(KnownNode node, Instant now) {
        MetricsWindow window = node.envelope().window();
        return window != null
                ? window.endMillis()
                : now.getEpochSecond() / node.envelope().metricsIntervalSeconds();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

import io.tacho.aggregator.view.LiveNode;
import io.tacho.aggregator.view.NodeList;
import io.tacho.model.MetricsWindow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tells a node's next completed window from a beat that repeats the last one. */
final class Windows {

    private final Map<String, Long> last = new HashMap<>();

    /** The nodes that have completed a window since this was asked last; at first all. */
    List<LiveNode> completed(NodeList list, Set<String> present, Instant now) {
        List<LiveNode> completed = new ArrayList<>();
        for (LiveNode node : list.nodes()) {
            long window = windowOf(node, now);
            Long before = last.put(node.uid(), window);
            if (before == null || before != window) {
                completed.add(node);
            }
        }
        if (last.size() > present.size()) {
            last.keySet().retainAll(present);
        }
        return completed;
    }

    /** Nodes that do not tell complete one in every interval of theirs, as far as anybody knows. */
    private static long windowOf(LiveNode node, Instant now) {
        MetricsWindow window = node.envelope().window();
        return window != null
                ? window.endMillis()
                : now.getEpochSecond() / node.envelope().metricsIntervalSeconds();
    }
}

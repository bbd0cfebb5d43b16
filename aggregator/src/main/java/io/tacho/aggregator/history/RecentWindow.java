// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

import io.tacho.aggregator.view.LiveNode;
import io.tacho.model.IntervalMetrics;
import io.tacho.model.MetricsWindow;
import io.tacho.model.WindowGauges;
import java.util.concurrent.TimeUnit;

/**
 * One completed window of one node, as an aggregator has heard of it.
 *
 * @param window when it was, on the node's own clock
 * @param metrics what happened in it
 * @param gauges what the node held when it first told of the window
 */
public record RecentWindow(MetricsWindow window, IntervalMetrics metrics, WindowGauges gauges) {

    /**
     * The window that a node has told of last.
     *
     * @param nowMillis places the windows of nodes that do not tell when theirs begin and end: one for each interval
     */
    static RecentWindow of(LiveNode node, long nowMillis) {
        MetricsWindow window = node.envelope().window();
        if (window == null) {
            long interval = TimeUnit.SECONDS.toMillis(node.envelope().metricsIntervalSeconds());
            long end = Math.max(interval, nowMillis - nowMillis % interval);
            window = new MetricsWindow(end - interval, end);
        }
        return new RecentWindow(
                window,
                node.envelope().snapshot().metrics(),
                WindowGauges.of(node.envelope().snapshot()));
    }
}

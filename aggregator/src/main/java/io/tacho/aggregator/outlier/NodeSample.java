// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.outlier;

import io.tacho.aggregator.view.KnownNode;
import io.tacho.model.Field;
import io.tacho.model.MetricsWindow;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeStatus;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The values of a node in its last window.
 *
 * @param uid of the node
 * @param name of the node
 * @param group the nodes of a group are peers: the value of the label {@code kind}; empty if it has none
 * @param version of the node's software; null if it does not report it or is not judged
 * @param window identifies the window: equal numbers are the same window
 * @param values by the ordinal of the indicator; NaN if the node has no comparable value
 * @param bases by the ordinal of the indicator: the result of {@link Indicator#baseOf}
 */
@SuppressWarnings("ArrayRecordComponent") // internal, created once per node and window
record NodeSample(
        String uid, String name, String group, @Nullable String version, long window, double[] values, double[] bases) {

    /** The label whose value makes nodes peers. */
    static final String GROUP_LABEL = "kind";

    /** A node is not judged in its first windows, in which caches and compilers warm up and clients arrive. */
    private static final int WARM_UP_WINDOWS = 3;

    /** {@return the sample of a node; without values if it is draining or has just started} */
    static NodeSample of(KnownNode node, long epochSeconds) {
        NodeSnapshot snapshot = node.envelope().snapshot();
        NodeStatus status = node.envelope().status();
        MetricsWindow window = node.envelope().window();
        long interval = node.envelope().metricsIntervalSeconds();
        double[] values = new double[Indicator.ALL.size()];
        double[] bases = new double[values.length];
        long uptime = epochSeconds - snapshot.number(Field.STARTED_AT);
        boolean isJudged = !status.draining() && uptime >= WARM_UP_WINDOWS * interval;
        if (!isJudged) {
            Arrays.fill(values, Double.NaN);
        } else {
            for (int i = 0; i < values.length; i++) {
                values[i] = Indicator.ALL.get(i).valueOf(snapshot, status.quality(), interval);
                bases[i] = Indicator.ALL.get(i).baseOf(snapshot, interval);
            }
        }
        return new NodeSample(
                node.uid(),
                node.name(),
                status.labels().getOrDefault(GROUP_LABEL, ""),
                isJudged ? status.version() : null,
                window != null ? window.endMillis() : epochSeconds / interval,
                values,
                bases);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An immutable list of all nodes in one version of the view.
 *
 * @param version grows with every change of the view; equal versions are equal lists
 * @param nodes ordered by name, then uid
 * @param metricsIntervalSeconds the metrics interval that most of the nodes have; of an empty view the last known one
 */
public record NodeList(long version, List<KnownNode> nodes, long metricsIntervalSeconds) {

    /** Creates the list of a version, with the metrics interval that most nodes have. */
    static NodeList of(long version, Collection<KnownNode> nodes, long lastKnownInterval) {
        return new NodeList(version, List.copyOf(nodes), commonInterval(nodes, lastKnownInterval));
    }

    /** Nearly always there is one for all: a run of equal ones is counted at once. */
    private static long commonInterval(Collection<KnownNode> nodes, long lastKnown) {
        Map<Long, Integer> counts = new HashMap<>();
        long interval = lastKnown;
        int run = 0;
        for (KnownNode node : nodes) {
            if (node.envelope().metricsIntervalSeconds() != interval) {
                counts.merge(interval, run, Integer::sum);
                interval = node.envelope().metricsIntervalSeconds();
                run = 0;
            }
            run++;
        }
        counts.merge(interval, run, Integer::sum);
        return Collections.max(
                        counts.entrySet(),
                        Map.Entry.<Long, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .getKey();
    }
}

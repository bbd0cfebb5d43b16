// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * All nodes of the view at one moment, immutable.
 *
 * @param version grows with every change of the view; equal versions are equal lists
 * @param nodes ordered by name, then uid
 * @param metricsIntervalSeconds the metrics interval that most of the nodes have; of an empty view the last known one
 */
public record NodeList(long version, List<LiveNode> nodes, long metricsIntervalSeconds) {

    static NodeList of(long version, Collection<LiveNode> nodes, long lastKnownInterval) {
        return new NodeList(version, List.copyOf(nodes), commonInterval(nodes, lastKnownInterval));
    }

    private static long commonInterval(Collection<LiveNode> nodes, long lastKnown) {
        Map<Long, Long> counts = nodes.stream()
                .map(node -> node.envelope().metricsIntervalSeconds())
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        return counts.entrySet().stream()
                .max(Map.Entry.<Long, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .orElse(lastKnown);
    }
}

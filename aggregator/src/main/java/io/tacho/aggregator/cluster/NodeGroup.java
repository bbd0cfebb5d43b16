// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.cluster;

import io.tacho.aggregator.view.KnownNode;
import io.tacho.aggregator.view.NodeList;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that have the same value of a property, e.g. of their version, and their totals.
 *
 * @param value of the property; null if the nodes do not report it
 * @param totals the merged values of the nodes
 */
public record NodeGroup(@Nullable String value, ClusterTotals totals) {

    private static final String NOT_REPORTED = "";

    /** Returns the groups of a list by a property, the largest first, then in the order of the values. */
    public static List<NodeGroup> of(NodeList list, Function<KnownNode, @Nullable String> property) {
        Map<String, List<KnownNode>> nodesByValue = new TreeMap<>();
        for (KnownNode node : list.nodes()) {
            String value = property.apply(node);
            nodesByValue
                    .computeIfAbsent(value == null ? NOT_REPORTED : value, first -> new ArrayList<>())
                    .add(node);
        }
        List<NodeGroup> groups = new ArrayList<>();
        nodesByValue.forEach((value, nodes) -> groups.add(new NodeGroup(
                value.equals(NOT_REPORTED) ? null : value,
                ClusterTotals.of(new NodeList(list.version(), nodes, list.metricsIntervalSeconds())))));
        groups.sort(Comparator.comparingInt(group -> -group.totals().nodes()));
        return groups;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.cluster;

import io.tacho.aggregator.view.KnownNode;
import io.tacho.model.ClusterWindow;
import io.tacho.model.Field;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How unevenly a field is spread over the nodes. Draining nodes and those that flag the field as unavailable are left out.
 *
 * @param nodes the number of nodes that were compared
 * @param maxOverMean the largest value divided by the mean; 1 if all are equal
 * @param variation the coefficient of variation: the standard deviation divided by the mean; 0 if all are equal
 */
public record Imbalance(int nodes, double maxOverMean, double variation) {

    /** The fields by which a cluster is balanced. */
    public static final List<Field> FIELDS = ClusterWindow.BALANCED;

    /** Returns the imbalance of a field; null if fewer than two nodes have it, or all have 0. */
    public static @Nullable Imbalance of(List<KnownNode> nodes, Field field) {
        long[] values = nodes.stream()
                .filter(node ->
                        !node.isDraining() && node.envelope().status().quality().isAvailable(field))
                .mapToLong(node -> node.envelope().snapshot().number(field))
                .toArray();
        double sum = 0;
        long max = 0;
        for (long value : values) {
            sum += value;
            max = Math.max(max, value);
        }
        if (values.length < 2 || max == 0) {
            return null;
        }
        double mean = sum / values.length;
        double squares = 0;
        for (long value : values) {
            squares += (value - mean) * (value - mean);
        }
        return new Imbalance(values.length, max / mean, Math.sqrt(squares / values.length) / mean);
    }
}

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
        long[] values = new long[nodes.size()];
        int count = 0;
        double sum = 0;
        long max = 0;
        for (KnownNode node : nodes) {
            if (!node.isDraining() && node.envelope().status().quality().isAvailable(field)) {
                long value = node.envelope().snapshot().number(field);
                values[count++] = value;
                sum += value;
                max = Math.max(max, value);
            }
        }
        if (count < 2 || max == 0) {
            return null;
        }
        double mean = sum / count;
        double squares = 0;
        for (int i = 0; i < count; i++) {
            squares += (values[i] - mean) * (values[i] - mean);
        }
        return new Imbalance(count, max / mean, Math.sqrt(squares / count) / mean);
    }
}

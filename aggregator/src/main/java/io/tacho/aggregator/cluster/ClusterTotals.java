// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.cluster;

import io.tacho.aggregator.view.NodeList;
import io.tacho.model.Field;
import io.tacho.model.RequestKind;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The values of all nodes, merged into one value per field by the field's merge rule. Immutable.
 *
 * @param version the version of the view that was merged
 * @param nodes the number of nodes
 * @param values the merged fields; without those whose rule is {@link Field.MergeRule#NONE}, and without ranges if there are
 *     no nodes
 * @param times the merged response times; without those for which no node publishes histograms
 * @param extras the merged extra values, by name
 * @param unreadable the uids of nodes with an unreadable histogram or sketch, which is not included; ordered
 */
public record ClusterTotals(
        long version,
        int nodes,
        Map<Field, MergedValue> values,
        Map<RequestKind, MergedTimes> times,
        Map<String, MergedExtra> extras,
        Set<String> unreadable) {

    /** {@return the totals of the nodes in a list} */
    public static ClusterTotals of(NodeList list) {
        return new TotalsBuilder(list.nodes()).build(list.version());
    }

    /** {@return the merged field; null if it has no value} */
    public @Nullable MergedValue value(Field field) {
        return values.get(field);
    }

    /** {@return the merged response times; null if no node publishes histograms} */
    public @Nullable MergedTimes times(RequestKind kind) {
        return times.get(kind);
    }

    /**
     * Returns the value of a metric. For unique clients and channels this is the estimated union if all nodes publish sketches,
     * otherwise the sum. Quantiles are those of the nodes that publish histograms.
     *
     * @return null if it is not known, e.g. a quantile if no node publishes histograms
     */
    public @Nullable Long number(ClusterMetric metric) {
        return metric.number(this);
    }

    /**
     * Returns the value of the metric with a name, see {@link #number(ClusterMetric)}.
     *
     * @throws IllegalArgumentException if there is no such metric
     */
    public @Nullable Long number(String metricName) {
        ClusterMetric metric = ClusterMetric.of(metricName);
        if (metric == null) {
            throw new IllegalArgumentException(
                    "metric '" + metricName + "' (expected: one of " + String.join(", ", ClusterMetric.names()) + ")");
        }
        return number(metric);
    }
}

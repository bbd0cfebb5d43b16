// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.evaluate;

import io.tacho.aggregator.alert.rule.MedianFactor;
import io.tacho.aggregator.alert.rule.Threshold;
import io.tacho.aggregator.cluster.ClusterMetric;
import io.tacho.aggregator.view.KnownNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares a node's value with the median of its peers: the nodes with the same value of the label {@code kind}, without draining ones.
 * With fewer than {@value #MIN_PEERS} peers nothing is violated.
 *
 * <p>Thread safety: confined to one thread.
 */
final class MedianComparison implements Comparison {

    private static final int MIN_PEERS = 3;
    private static final String GROUP_LABEL = "kind";

    private final ClusterMetric metric;
    private final MedianFactor factor;
    private final Map<String, Double> medianByGroup = new HashMap<>();
    private final Map<String, String> groupByUid = new HashMap<>();

    MedianComparison(ClusterMetric metric, MedianFactor factor) {
        this.metric = metric;
        this.factor = factor;
    }

    @Override
    public void prepare(EvaluationContext context) {
        if (context.nodesWithNewWindow().isEmpty()) {
            return;
        }
        Map<String, List<Long>> values = new HashMap<>();
        groupByUid.clear();
        for (KnownNode node : context.nodes()) {
            Long value = metric.ofNode(node);
            if (value != null && !node.isDraining()) {
                String group = node.envelope().status().labels().getOrDefault(GROUP_LABEL, "");
                groupByUid.put(node.uid(), group);
                values.computeIfAbsent(group, first -> new ArrayList<>()).add(value);
            }
        }
        medianByGroup.clear();
        values.forEach((group, members) -> {
            if (members.size() >= MIN_PEERS) {
                medianByGroup.put(group, median(members));
            }
        });
    }

    private static double median(List<Long> values) {
        values.sort(null);
        int middle = values.size() / 2;
        return values.size() % 2 == 1 ? values.get(middle) : (values.get(middle - 1) + values.get(middle)) / 2.0;
    }

    private double medianOf(String uid) {
        return medianByGroup.getOrDefault(groupByUid.getOrDefault(uid, ""), Double.NaN);
    }

    /** Comparisons with an unknown median are false. */
    @Override
    public boolean isViolatedBy(String uid, long value) {
        return groupByUid.containsKey(uid) && factor.isViolatedBy(value, medianOf(uid));
    }

    @Override
    public String describe(String uid, long value) {
        double median = medianOf(uid);
        String text = metric + " " + Threshold.quantityOf(metric.unit()).format(value);
        return Double.isNaN(median) || median == 0
                ? text
                : text + ", " + Math.rint(10 * value / median) / 10 + "x the median "
                        + Threshold.quantityOf(metric.unit()).format(Math.round(median));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.evaluate;

import io.tacho.aggregator.alert.rule.Change;
import io.tacho.aggregator.alert.rule.Change.Direction;
import io.tacho.aggregator.alert.rule.Threshold;
import io.tacho.aggregator.cluster.ClusterMetric;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongBinaryOperator;

/**
 * Compares a value with the smallest or largest one of the windows before.
 *
 * <p>Thread safety: confined to one thread.
 */
final class ChangeComparison implements Comparison {

    private static final int PERCENT = 100;

    private final ClusterMetric metric;
    private final Change change;
    /** The values of the last windows, oldest first. */
    private final Map<String, Deque<Long>> valuesByUid = new HashMap<>();

    ChangeComparison(ClusterMetric metric, Change change) {
        this.metric = metric;
        this.change = change;
    }

    @Override
    public void prepare(EvaluationContext context) {
        valuesByUid.keySet().removeIf(uid -> !uid.isEmpty() && context.findNode(uid) == null);
    }

    @Override
    public boolean isViolatedBy(String uid, long value) {
        Deque<Long> values = valuesByUid.computeIfAbsent(uid, first -> new ArrayDeque<>(2));
        values.addLast(value);
        if (values.size() > change.windows() + 1) {
            values.removeFirst();
        }
        return percent(uid) > change.percent();
    }

    /** {@return by how many percent the last value has changed; 0 if that is unknown} */
    private double percent(String uid) {
        Deque<Long> values = valuesByUid.get(uid);
        if (values == null || values.size() < 2) {
            return 0;
        }
        boolean isRise = change.direction() == Direction.RISES;
        LongBinaryOperator extreme = isRise ? Math::min : Math::max;
        long last = values.getLast();
        long base = values.stream()
                .limit(values.size() - 1L)
                .mapToLong(value -> value)
                .reduce(extreme)
                .orElse(last);
        return base == 0 ? 0 : PERCENT * (double) (isRise ? last - base : base - last) / base;
    }

    @Override
    public String describe(String uid, long value) {
        String text = metric + " " + Threshold.quantityOf(metric.unit()).format(value);
        long percent = Math.round(percent(uid));
        return percent <= 0
                ? text
                : text + ", " + (change.direction() == Direction.RISES ? "risen" : "fallen") + " by " + percent + "%";
    }
}

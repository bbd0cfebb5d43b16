// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

import io.tacho.aggregator.cluster.ClusterTotals;
import io.tacho.units.Quantity;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A number of the whole cluster beyond a bound in some windows in a row. A window of the cluster is looked at once, a little
 * after its end, when the nodes have told theirs.
 */
final class ClusterWatch implements Watch {

    private static final long SETTLED_MILLIS = 5_000;

    private final Condition.OfCluster rule;
    private final Quantity amount;
    private long window = -1;
    private int streak;
    /** Of the last window; null where nobody tells. */
    private @Nullable Long value;

    ClusterWatch(Condition.OfCluster rule) {
        this.rule = rule;
        amount = Amount.of(rule.field());
    }

    @Override
    public void look(Moment now) {
        long interval = now.list().metricsIntervalSeconds() * 1_000;
        long current = (now.time().toEpochMilli() - Math.min(interval / 4, SETTLED_MILLIS)) / interval;
        if (current == window) {
            return;
        }
        window = current;
        value = now.nodes().isEmpty() ? null : ClusterTotals.of(now.list()).number(rule.field());
        if (value != null) {
            streak = rule.bound().isBrokenBy(value) ? streak + 1 : 0;
        }
    }

    @Override
    public Map<String, Finding> found() {
        if (streak < rule.windows() || value == null) {
            return Map.of();
        }
        return Map.of("", Finding.ofCluster(value, rule.field() + " " + amount.format(value) + " (" + rule + ")"));
    }

    @Override
    public @Nullable String over(Alert alert) {
        return streak > 0 || value == null ? null : rule.field() + " " + amount.format(value);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.evaluate;

import io.tacho.aggregator.alert.rule.Condition;
import io.tacho.aggregator.view.ViewStatus;
import io.tacho.units.Quantity;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Detects that this aggregator has not received from Redis for too long. Each aggregator raises this alert about itself, because
 * aggregators cannot share alerts without Redis.
 *
 * @param status how much of the cluster the view follows
 * @param aggregator the name of this aggregator
 */
record StaleAggregatorEvaluator(Condition.StaleAggregator condition, ViewStatus status, String aggregator)
        implements RuleEvaluator {

    @Override
    public void evaluate(EvaluationContext context) {}

    @Override
    public Map<String, Violation> violationsByUid() {
        long nanos = status.staleFor().toNanos();
        if (!condition.threshold().isViolatedBy(nanos)) {
            return Map.of();
        }
        String share = status.disconnected() == status.partitions()
                ? ""
                : status.disconnected() + " of " + status.partitions() + " partitions ";
        String summary = "aggregator " + aggregator + " has not received " + share + "from Redis for "
                + Quantity.DURATION.format(nanos) + " (" + condition + ")";
        return Map.of("", new Violation("", aggregator, nanos, summary));
    }

    @Override
    public @Nullable String reasonToResolve(Alert alert) {
        return status.isComplete() ? "it receives from Redis again" : null;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.evaluate;

import io.tacho.aggregator.alert.rule.Condition;
import io.tacho.units.Quantity;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Detects that this aggregator has not received from Redis for too long. Each aggregator raises this alert about itself, because
 * aggregators cannot share alerts without Redis.
 *
 * @param staleFor the time for which the view may have missed changes
 * @param aggregator the name of this aggregator
 */
record StaleAggregatorEvaluator(Condition.StaleAggregator condition, Duration staleFor, String aggregator)
        implements RuleEvaluator {

    @Override
    public void evaluate(EvaluationContext context) {}

    @Override
    public Map<String, Violation> violations() {
        long nanos = staleFor.toNanos();
        if (!condition.threshold().isViolatedBy(nanos)) {
            return Map.of();
        }
        String summary = "aggregator " + aggregator + " has not received from Redis for "
                + Quantity.DURATION.format(nanos) + " (" + condition + ")";
        return Map.of("", new Violation("", aggregator, nanos, summary));
    }

    @Override
    public @Nullable String reasonToResolve(Alert alert) {
        return staleFor.isZero() ? "it receives from Redis again" : null;
    }
}

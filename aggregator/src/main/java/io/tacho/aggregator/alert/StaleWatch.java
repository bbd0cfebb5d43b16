// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

import io.tacho.units.Quantity;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether this aggregator has not been able to follow Redis for too long. Each tells that of itself alone: it is the one thing
 * that cannot be agreed on.
 *
 * @param sender what this aggregator is called
 */
record StaleWatch(Condition.Stale rule, Duration staleFor, String sender) implements Watch {

    @Override
    public void look(Moment now) {}

    @Override
    public Map<String, Finding> found() {
        long nanos = staleFor.toNanos();
        if (!rule.bound().isBrokenBy(nanos)) {
            return Map.of();
        }
        String text = "aggregator " + sender + " has not heard Redis for " + Quantity.DURATION.format(nanos) + " ("
                + rule + ")";
        return Map.of("", new Finding("", sender, nanos, text));
    }

    @Override
    public @Nullable String over(Alert alert) {
        return staleFor.isZero() ? "it hears Redis" : null;
    }
}

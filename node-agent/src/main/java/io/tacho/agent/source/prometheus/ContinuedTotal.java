// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.prometheus;

import io.tacho.agent.source.prometheus.MetricExpression.Sum;
import org.jspecify.annotations.Nullable;

/**
 * The total of a counter that continues when another alternative of its expression takes over, whose own total counts from
 * another start.
 *
 * <p>Thread safety: confined to one thread.
 */
final class ContinuedTotal {

    private @Nullable Sum source;
    private double offset;
    private double last;

    /** {@return the total, where a source has this value} */
    double of(Sum chosen, double value) {
        if (source != null && !source.equals(chosen)) {
            offset = last - value;
        }
        source = chosen;
        last = value + offset;
        return last;
    }
}

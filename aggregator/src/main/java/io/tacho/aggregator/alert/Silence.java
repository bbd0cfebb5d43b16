// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

import io.tacho.aggregator.api.Glob;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A time in which some alerts are not said.
 *
 * @param rules names of rules
 * @param nodes names of nodes
 * @param from null for ever since
 */
record Silence(Glob rules, Glob nodes, @Nullable Instant from, Instant until) {

    boolean isInForce(Instant now) {
        return now.isBefore(until) && (from == null || !now.isBefore(from));
    }

    boolean covers(Alert alert, Instant now) {
        return isInForce(now) && rules.matches(alert.rule()) && nodes.matches(alert.name());
    }

    /** As it is written in the file. */
    @Override
    public String toString() {
        return "silence " + rules.pattern() + (nodes.equals(Glob.ANY) ? "" : " node=" + nodes.pattern())
                + (from == null ? "" : " from " + from) + " until " + until;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.rule;

import io.tacho.text.Glob;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A period in which matching alerts are not notified.
 *
 * @param ruleNames matches the names of rules
 * @param nodeNames matches the names of nodes
 * @param startsAt null if the period has no start
 */
public record Silence(
        Glob ruleNames, Glob nodeNames, @Nullable Instant startsAt, Instant endsAt) {

    /** The state of a silence. */
    public enum State {
        /** The period has not started. */
        PENDING,
        /** The silence is in effect. */
        ACTIVE,
        /** The period has ended. */
        EXPIRED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** {@return the state of the silence at a time} */
    public State stateAt(Instant now) {
        if (!now.isBefore(endsAt)) {
            return State.EXPIRED;
        }
        return startsAt == null || !now.isBefore(startsAt) ? State.ACTIVE : State.PENDING;
    }

    /** Returns true if the silence is active at a time and matches a rule and a node by their names. */
    public boolean appliesTo(String rule, String node, Instant now) {
        return stateAt(now) == State.ACTIVE && ruleNames.matches(rule) && nodeNames.matches(node);
    }

    /** Returns the silence as a line of an alert file. */
    @Override
    public String toString() {
        return "silence " + ruleNames.pattern() + (nodeNames.equals(Glob.ANY) ? "" : " node=" + nodeNames.pattern())
                + (startsAt == null ? "" : " from " + startsAt) + " until " + endsAt;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The judges of all rules about nodes.
 *
 * <p>Thread safety: confined to one thread.
 *
 * @param byRule in the order of the file
 */
record Watches(Map<Rule, Watch> byRule) {

    static final Watches NONE = new Watches(Map.of());

    /** Those of other rules; who judges a rule that is among them goes on. */
    Watches with(List<Rule> rules) {
        Map<Rule, Watch> next = new LinkedHashMap<>();
        for (Rule rule : rules) {
            if (!(rule.condition() instanceof Condition.Stale)) {
                Watch known = byRule.get(rule);
                next.put(rule, known == null ? Watch.of(rule) : known);
            }
        }
        return new Watches(next);
    }

    void look(Moment now) {
        byRule.values().forEach(watch -> watch.look(now));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.push;

import io.tacho.agent.source.push.PushedFields.Counters;
import io.tacho.model.Extra;
import io.tacho.model.Extras;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The extra values that were pushed of a node: gauges as they are, counters by window.
 *
 * <p>Thread safety: not safe; the node calls it under its lock.
 */
final class PushedExtras {

    private final Map<String, CountedTotal> counted = new HashMap<>();
    private Extras gauges = Extras.NONE;
    private Extras window = Extras.NONE;

    /** @throws IllegalArgumentException if the node would have too many values */
    void requireRoom(PushedFields fields) {
        Set<String> names = new TreeSet<>(gauges.byName().keySet());
        names.addAll(counted.keySet());
        names.addAll(fields.extras().byName().keySet());
        if (names.size() > Extras.MAX_EXTRAS) {
            throw new IllegalArgumentException("extras: " + names.size()
                    + " names in all pushes of the node (expected: at most " + Extras.MAX_EXTRAS + ")");
        }
    }

    void take(PushedFields fields) {
        Map<String, Extra> others = new TreeMap<>(fields.extras().byName());
        others.values().removeIf(extra -> extra.kind().equals(Extra.COUNTER));
        gauges = gauges.with(new Extras(others));
        fields.extras().byName().forEach((name, extra) -> {
            if (extra.kind().equals(Extra.COUNTER)) {
                counted.put(name, counted(counted.get(name), extra.value(), fields.counters() == Counters.TOTALS));
            }
        });
    }

    private static CountedTotal counted(@Nullable CountedTotal known, long value, boolean isTotal) {
        if (isTotal) {
            return CountedTotal.after(known, value);
        }
        return known == null
                ? new CountedTotal(value, value)
                : new CountedTotal(known.total() + value, known.increase() + value);
    }

    void endWindow() {
        Map<String, Extra> ended = new TreeMap<>();
        counted.forEach((name, counter) -> ended.put(name, Extra.counter(counter.increase(), counter.total())));
        counted.replaceAll((name, counter) -> counter.nextWindow());
        window = new Extras(ended);
    }

    void forget() {
        counted.clear();
        forgetValues();
    }

    /** Discards the gauges and the last window; the counters continue. */
    void forgetValues() {
        gauges = Extras.NONE;
        window = Extras.NONE;
    }

    /** {@return the gauges} */
    Extras gauges() {
        return gauges;
    }

    /** {@return the counters of the last window} */
    Extras window() {
        return window;
    }
}

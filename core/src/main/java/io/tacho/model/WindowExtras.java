// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The extra values of a window of the cluster, each merged over the nodes by its rule.
 *
 * @param byName ordered by name; without totals
 * @param leftOut number of values of nodes that are not contained, because the window has reached its size
 */
public record WindowExtras(Map<String, Extra> byName, long leftOut) {

    /** The largest number of names in a window. */
    public static final int MAX_NAMES = 256;

    /** No extra values. */
    public static final WindowExtras NONE = new WindowExtras(Map.of(), 0);

    /** @throws IllegalArgumentException if there are more than {@link #MAX_NAMES}, or a name is invalid */
    public WindowExtras {
        Checks.between("number of extras", byName.size(), 0, MAX_NAMES);
        byName.keySet().forEach(Extras::requireName);
        Checks.count("extras_left_out", leftOut);
        byName = byName.isEmpty() ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(byName));
    }

    /**
     * Returns these merged with the values of another part of the window. Values whose rule is unknown are ignored. Those of a name
     * beyond {@link #MAX_NAMES}, and those whose kind or rule differs from the one of the name here, are left out.
     */
    public WindowExtras with(Map<String, Extra> others) {
        if (others.isEmpty()) {
            return this;
        }
        Map<String, Extra> merged = new TreeMap<>(byName);
        long missing = leftOut;
        for (Map.Entry<String, Extra> other : others.entrySet()) {
            Extra extra = other.getValue();
            Extra known = merged.get(other.getKey());
            if (!extra.isMergeable()) {
                continue;
            }
            if (known == null ? merged.size() < MAX_NAMES : known.isSameAs(extra)) {
                merged.put(other.getKey(), known == null ? extra.withoutTotal() : known.mergedWith(extra));
            } else {
                missing++;
            }
        }
        return new WindowExtras(merged, Math.min(missing, Checks.MAX_VALUE));
    }

    /** {@return these, of which more values are left out} */
    public WindowExtras withLeftOut(long more) {
        return new WindowExtras(byName, Math.min(leftOut + more, Checks.MAX_VALUE));
    }

    /** {@return the estimated memory, bytes} */
    long memoryBytes() {
        return Extras.memoryBytes(byName);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.statsd;

import io.tacho.sketch.HyperLogLog;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The distinct values of a set in one window: exact up to {@link #MAX_EXACT}, an estimate with a standard error of 0.8 % beyond, in bounded memory.
 *
 * <p>Thread safety: guarded by its owner.
 */
final class StatsdSet {

    /** The largest number of values that are counted exactly. */
    static final int MAX_EXACT = 10_000;

    private final Set<String> values = new HashSet<>();
    private HyperLogLog.@Nullable Builder estimate;

    void add(String value) {
        if (estimate == null && values.size() >= MAX_EXACT && !values.contains(value)) {
            estimate = new HyperLogLog.Builder();
            values.forEach(estimate::add);
            values.clear();
        }
        if (estimate == null) {
            values.add(value);
        } else {
            estimate.add(value);
        }
    }

    /** {@return the number of distinct values} */
    long size() {
        return estimate == null ? values.size() : estimate.count().estimate();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.record;

import io.tacho.sketch.ConcurrentHyperLogLog;
import io.tacho.sketch.HyperLogLog;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Ids that are in use now, each as often as it was added and not removed: a user with three connections is one id. All numbers
 * are exact.
 *
 * <p>Thread safety: safe.
 */
public final class LiveIds {

    private final ConcurrentMap<String, Integer> uses = new ConcurrentHashMap<>();
    private final ConcurrentHyperLogLog seen = new ConcurrentHyperLogLog();
    private final LongAdder total = new LongAdder();
    private final LongAdder changes = new LongAdder();
    private final BiFunction<String, @Nullable Integer, Integer> adding = this::added;
    private final BiFunction<String, Integer, @Nullable Integer> removing = this::removed;

    /** Adds a use of an id; null is ignored. */
    void add(@Nullable String id) {
        if (id != null) {
            uses.compute(id, adding);
        }
    }

    private Integer added(String id, @Nullable Integer uses) {
        total.increment();
        if (uses == null) {
            seen.add(id);
            changes.increment();
            return 1;
        }
        return uses + 1;
    }

    /** Removes one use of an id; an id without a use is ignored. */
    void remove(@Nullable String id) {
        if (id != null) {
            uses.computeIfPresent(id, removing);
        }
    }

    private @Nullable Integer removed(String id, Integer uses) {
        total.decrement();
        if (uses == 1) {
            changes.increment();
            return null;
        }
        return uses - 1;
    }

    /** Returns the number of distinct ids in use. */
    public long distinct() {
        return uses.size();
    }

    /** Returns the total number of uses of all ids. */
    public long total() {
        return total.sum();
    }

    /** Returns a live view of the ids in use. */
    public Set<String> ids() {
        return uses.keySet();
    }

    /** Returns the ids that have come into use since the last call, also those that are not in use any more; null for none. */
    public @Nullable HyperLogLog takeSeen() {
        return seen.take();
    }

    /** Returns a number that grows whenever the set of ids in use changes; 0 if there was never an id. */
    public long changes() {
        return changes.sum();
    }
}

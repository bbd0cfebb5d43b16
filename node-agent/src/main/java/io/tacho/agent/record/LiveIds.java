// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.record;

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
    private final LongAdder total = new LongAdder();
    private final LongAdder changes = new LongAdder();
    private final BiFunction<String, @Nullable Integer, Integer> adding = this::added;
    private final BiFunction<String, Integer, @Nullable Integer> removing = this::removed;

    /** Adds a use of an id; null, which a host may pass all the same, is ignored. */
    void add(@Nullable String id) {
        if (id != null) {
            uses.compute(id, adding);
        }
    }

    private Integer added(String id, @Nullable Integer uses) {
        total.increment();
        if (uses == null) {
            changes.increment();
            return 1;
        }
        return uses + 1;
    }

    /** Takes back one {@link #add}; what was never added is not removed. */
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

    /** The ids in use; a view that follows what happens. */
    public Set<String> ids() {
        return uses.keySet();
    }

    /** Grows whenever an id comes into use or goes out of it; 0 where none ever was. */
    public long changes() {
        return changes.sum();
    }
}

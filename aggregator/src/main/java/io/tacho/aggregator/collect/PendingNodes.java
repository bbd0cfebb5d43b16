// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.collect;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The uids of unknown nodes that have sent a beat and that the store has not confirmed yet. Bounded: a node for which there is no
 * room is found by the next sweep, if it exists.
 *
 * <p>Thread safety: safe.
 */
final class PendingNodes {

    private static final int MAX_PENDING = 10_000;
    private static final int BATCH = 1_000;

    private final int maxPending;
    private final Set<String> pending = new LinkedHashSet<>();

    /**
     * Creates an empty set.
     *
     * @param partitions the number of partitions, which share the maximum number of pending nodes
     */
    PendingNodes(int partitions) {
        maxPending = MAX_PENDING / partitions;
    }

    /** Adds a uid, unless it is pending already; returns false if there is no room. */
    synchronized boolean add(String uid) {
        return pending.contains(uid) || (pending.size() < maxPending && pending.add(uid));
    }

    /** Removes a batch of the uids that have been pending longest; returns those that are still unknown. */
    synchronized List<String> removeOldest(Predicate<String> known) {
        List<String> taken = new ArrayList<>(Math.min(BATCH, pending.size()));
        Iterator<String> each = pending.iterator();
        while (each.hasNext() && taken.size() < BATCH) {
            String uid = each.next();
            each.remove();
            if (!known.test(uid)) {
                taken.add(uid);
            }
        }
        return taken;
    }
}

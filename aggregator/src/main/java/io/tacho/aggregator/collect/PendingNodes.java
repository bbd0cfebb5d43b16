// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.collect;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The unknown nodes that have sent a beat which the store has not confirmed yet, and the seq of the last one. Bounded: a node for which
 * there is no room is found by the next sweep, if it exists.
 *
 * <p>Thread safety: safe.
 */
final class PendingNodes {

    private static final int MAX_PENDING = 10_000;
    private static final int BATCH = 1_000;

    private final int maxPending;
    private final Map<String, Long> seqs = new LinkedHashMap<>();

    /**
     * Creates an empty set.
     *
     * @param partitions the number of partitions, which share the maximum number of pending nodes
     */
    PendingNodes(int partitions) {
        maxPending = MAX_PENDING / partitions;
    }

    /** Returns whether a node is known as of a beat, or a later one. */
    @FunctionalInterface
    interface Known {
        boolean test(String uid, long seq);
    }

    /** Adds a node; returns false if there is no room. */
    synchronized boolean add(String uid, long seq) {
        boolean hasRoom = seqs.size() < maxPending || seqs.containsKey(uid);
        if (hasRoom) {
            seqs.merge(uid, seq, Math::max);
        }
        return hasRoom;
    }

    /** Adds a node during a load, which reads the entries of older ones later than they were added: these make room. */
    synchronized void addLatest(String uid, long seq) {
        seqs.remove(uid);
        if (seqs.size() >= maxPending) {
            Iterator<String> oldest = seqs.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
        seqs.put(uid, seq);
    }

    /** Removes a batch of those that have been pending longest; returns the uids of which the beat is still unknown. */
    synchronized List<String> removeOldest(Known known) {
        List<String> taken = new ArrayList<>(Math.min(BATCH, seqs.size()));
        Iterator<Map.Entry<String, Long>> each = seqs.entrySet().iterator();
        while (each.hasNext() && taken.size() < BATCH) {
            Map.Entry<String, Long> node = each.next();
            each.remove();
            if (!known.test(node.getKey(), node.getValue())) {
                taken.add(node.getKey());
            }
        }
        return taken;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.collect;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The uids that messages have told of and that the store is still to be asked about. Bounded: whoever has no place is found
 * by the next sweep, if it is real.
 *
 * <p>Thread safety: safe.
 */
final class Newcomers {

    private static final int WAITING = 10_000;
    private static final int BATCH = 1_000;

    private final Set<String> waiting = new LinkedHashSet<>();

    /** Whether there was room, or it waits already. */
    synchronized boolean add(String uid) {
        return waiting.contains(uid) || (waiting.size() < WAITING && waiting.add(uid));
    }

    /** Takes some of them out, those that have waited longest; those who are known by now have waited enough. */
    synchronized List<String> take(Predicate<String> known) {
        List<String> taken = new ArrayList<>(Math.min(BATCH, waiting.size()));
        Iterator<String> each = waiting.iterator();
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

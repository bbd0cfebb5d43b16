// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Of every node of the view its last change, and of comings and goings each one of the last {@value #KEPT}. So it is as
 * large as the view, however far behind a reader is.
 *
 * <p>Thread safety: the view's.
 */
final class ChangeLog {

    static final int KEPT = 10_000;

    private final TreeMap<Long, NodeChange> last = new TreeMap<>();
    private final Map<String, Long> versions = new HashMap<>();
    /** All changes but updates. */
    private final TreeMap<Long, NodeChange> turns = new TreeMap<>();
    /** Turns up to this version may be forgotten. */
    private long forgotten;

    void add(NodeChange change) {
        String uid = change.node().uid();
        Long before = change.kind().isDeparture() ? versions.remove(uid) : versions.put(uid, change.version());
        if (before != null) {
            last.remove(before);
        }
        if (!change.kind().isDeparture()) {
            last.put(change.version(), change);
        }
        if (change.kind() != NodeChange.Kind.UPDATED) {
            turns.put(change.version(), change);
            if (turns.size() > KEPT) {
                forgotten = turns.pollFirstEntry().getKey();
            }
        }
    }

    /** The comings and goings after a version that are not forgotten. */
    List<NodeChange> turnsSince(long version) {
        return List.copyOf(turns.tailMap(version, false).values());
    }

    /**
     * The changes after a version.
     *
     * @param turnsAfter comings and goings up to this version are of no interest
     * @param limit not more than these
     * @param now the view's version
     * @return empty if comings or goings of interest have been forgotten
     */
    Optional<Changes> since(long version, long turnsAfter, int limit, long now) {
        long turnsFrom = Math.max(version, turnsAfter);
        if (turnsFrom < forgotten) {
            return Optional.empty();
        }
        TreeMap<Long, NodeChange> merged = new TreeMap<>();
        last.tailMap(version, false).values().stream()
                .limit(limit)
                .map(change -> change.version() <= turnsFrom ? change.asUpdate() : change)
                .forEach(change -> merged.put(change.version(), change));
        turns.tailMap(turnsFrom, false).values().stream()
                .limit(limit)
                .forEach(change -> merged.put(change.version(), change));
        List<NodeChange> changes = merged.values().stream().limit(limit).toList();
        return Optional.of(new Changes(
                changes,
                changes.size() < limit ? now : changes.get(changes.size() - 1).version()));
    }
}

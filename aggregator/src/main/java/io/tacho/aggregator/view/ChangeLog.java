// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Of every node of the view its last change, and of comings and goings each one of the last {@value #KEPT}. So it is as
 * large as the view, however far behind a reader is.
 *
 * <p>Thread safety: the view's.
 */
final class ChangeLog {

    static final int KEPT = 10_000;

    /** Of the nodes that are there, the ones that changed first and last since; the order in between is theirs. */
    private @Nullable Seat oldest;

    private @Nullable Seat newest;

    /** All changes but updates. */
    private final TreeMap<Long, NodeChange> turns = new TreeMap<>();
    /** Turns up to this version may be forgotten. */
    private long forgotten;

    /** Notes the change of the node that has this seat. */
    void add(Seat seat, NodeChange change) {
        if (seat.last != null) {
            takeOut(seat);
        }
        if (!change.kind().isDeparture()) {
            seat.last = change;
            putLast(seat);
        }
        if (change.kind() != NodeChange.Kind.UPDATED) {
            turns.put(change.version(), change);
            if (turns.size() > KEPT) {
                forgotten = turns.pollFirstEntry().getKey();
            }
        }
    }

    private void takeOut(Seat seat) {
        Seat older = seat.older;
        Seat newer = seat.newer;
        if (older == null) {
            oldest = newer;
        } else {
            older.newer = newer;
        }
        if (newer == null) {
            newest = older;
        } else {
            newer.older = older;
        }
        seat.last = null;
        seat.older = null;
        seat.newer = null;
    }

    private void putLast(Seat seat) {
        seat.older = newest;
        if (newest == null) {
            oldest = seat;
        } else {
            newest.newer = seat;
        }
        newest = seat;
    }

    /** The first nodes' last changes after a version; found from whichever end is likely to be nearer. */
    private List<NodeChange> lastSince(long version, int limit) {
        Seat first = oldest;
        if (first != null && version(first) <= version) {
            first = null;
            for (Seat seat = newest; seat != null && version(seat) > version; seat = seat.older) {
                first = seat;
            }
        }
        List<NodeChange> changes = new ArrayList<>();
        for (Seat seat = first; seat != null && changes.size() < limit; seat = seat.newer) {
            changes.add(requireNonNull(seat.last));
        }
        return changes;
    }

    private static long version(Seat seat) {
        return requireNonNull(seat.last).version();
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
        lastSince(version, limit).stream()
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

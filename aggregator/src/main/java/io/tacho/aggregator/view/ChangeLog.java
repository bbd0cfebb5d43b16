// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import java.util.ArrayList;
import java.util.Arrays;
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

    private static final int MIN_ROOM = 256;

    /** The versions of changes, rising, and whose they were; of each node only the last counts, the others are in the way. */
    private long[] versions = new long[MIN_ROOM];

    private @Nullable Seat[] seats = new @Nullable Seat[MIN_ROOM];
    private int size;
    private int inTheWay;

    /** All changes but updates. */
    private final TreeMap<Long, NodeChange> turns = new TreeMap<>();
    /** Turns up to this version may be forgotten. */
    private long forgotten;

    /** Notes the change of the node that has this seat. */
    void add(Seat seat, NodeChange change) {
        if (seat.last != null) {
            seat.last = null;
            inTheWay++;
        }
        if (!change.kind().isDeparture()) {
            append(seat, change);
        }
        if (inTheWay > MIN_ROOM && inTheWay > size / 2) {
            clearTheWay();
        }
        if (change.kind() != NodeChange.Kind.UPDATED) {
            turns.put(change.version(), change);
            if (turns.size() > KEPT) {
                forgotten = turns.pollFirstEntry().getKey();
            }
        }
    }

    private void append(Seat seat, NodeChange change) {
        if (size == versions.length) {
            versions = Arrays.copyOf(versions, 2 * size);
            seats = Arrays.copyOf(seats, 2 * size);
        }
        versions[size] = change.version();
        seats[size] = seat;
        size++;
        seat.last = change;
    }

    private @Nullable NodeChange last(int place) {
        Seat seat = seats[place];
        NodeChange last = seat == null ? null : seat.last;
        return last != null && last.version() == versions[place] ? last : null;
    }

    /** As often as there is as much to throw away as to keep: what a change costs does not grow. */
    private void clearTheWay() {
        int kept = 0;
        for (int place = 0; place < size; place++) {
            if (last(place) != null) {
                versions[kept] = versions[place];
                seats[kept] = seats[place];
                kept++;
            }
        }
        int room = Math.max(MIN_ROOM, 2 * kept);
        Arrays.fill(seats, kept, size, null);
        versions = Arrays.copyOf(versions, room);
        seats = Arrays.copyOf(seats, room);
        size = kept;
        inTheWay = 0;
    }

    /** The first of the nodes' last changes after a version. */
    private List<NodeChange> lastSince(long version, int limit) {
        int found = Arrays.binarySearch(versions, 0, size, version);
        List<NodeChange> changes = new ArrayList<>();
        for (int place = found < 0 ? -found - 1 : found + 1; place < size && changes.size() < limit; place++) {
            NodeChange last = last(place);
            if (last != null) {
                changes.add(last);
            }
        }
        return changes;
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

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The last windows of each node, as this aggregator received them: at most {@value #PER_NODE} per node and a number in total; with
 * more nodes there are fewer per node. The windows of a node that sends no beats are removed after a day; if there is no room for all
 * windows, after 15 minutes or three windows.
 *
 * <p>Thread safety: safe.
 */
public final class NodeSeries {

    /** Two hours of the usual windows. */
    public static final int PER_NODE = 120;

    /** The largest number of windows in total; some 46 MB. */
    public static final int TOTAL = 200_000;

    /** The memory of a window. */
    public static final int BYTES_OF_A_WINDOW = 240;

    private static final long SILENCE_NANOS = TimeUnit.MINUTES.toNanos(15);
    private static final int INTERVALS_OF_SILENCE = 3;
    private static final long SPARE_NANOS = TimeUnit.DAYS.toNanos(1);

    private static final class Recent {
        final Deque<RecentWindow> windows = new ArrayDeque<>(2);
        long untilNanos;
    }

    private final LongSupplier nanoTime;
    private final int maxTotal;
    private final Map<String, Recent> byUid = new HashMap<>();
    private int total;

    /** Creates empty series of the largest size. */
    NodeSeries(LongSupplier nanoTime) {
        this(nanoTime, TOTAL);
    }

    /**
     * Creates empty series.
     *
     * @param nanoTime monotonic clock
     * @param maxTotal the largest number of windows of all nodes
     */
    NodeSeries(LongSupplier nanoTime, int maxTotal) {
        this.nanoTime = nanoTime;
        this.maxTotal = maxTotal;
    }

    /** Adds a window if it is later than the known windows of the node; returns whether it was added. */
    synchronized boolean add(String uid, RecentWindow window) {
        Recent recent = byUid.computeIfAbsent(uid, first -> new Recent());
        long span = TimeUnit.MILLISECONDS.toNanos(
                window.window().endMillis() - window.window().startMillis());
        recent.untilNanos = nanoTime.getAsLong() + Math.max(SILENCE_NANOS, INTERVALS_OF_SILENCE * span);
        RecentWindow last = recent.windows.peekLast();
        if (last != null && last.window().endMillis() >= window.window().endMillis()) {
            return false;
        }
        recent.windows.addLast(window);
        total++;
        shorten(recent, Math.max(1, Math.min(PER_NODE, maxTotal / byUid.size())));
        if (total > maxTotal) {
            removeExcess();
        }
        return true;
    }

    /** Returns whether there is a window of the node. */
    synchronized boolean isKnown(String uid) {
        return byUid.containsKey(uid);
    }

    private void shorten(Recent recent, int length) {
        while (recent.windows.size() > length) {
            recent.windows.removeFirst();
            total--;
        }
    }

    /** Removes windows until the total is well below the limit, so that not every new window requires it. */
    private void removeExcess() {
        removeSilentNodes();
        int share = maxTotal / byUid.size();
        byUid.values().forEach(recent -> shorten(recent, Math.max(1, share - share / 4)));
        // more nodes than windows: remove those whose last beat is oldest
        if (total > maxTotal) {
            byUid.entrySet().stream()
                    .sorted((a, b) -> Long.signum(a.getValue().untilNanos - b.getValue().untilNanos))
                    .limit(byUid.size() / 4)
                    .map(Map.Entry::getKey)
                    .toList()
                    .forEach(this::removeNode);
        }
    }

    /** Removes the windows of nodes that have sent no beat for a long time; sooner if there is no room for all windows. */
    synchronized void removeSilentNodes() {
        boolean isCrowded = (long) byUid.size() * PER_NODE > maxTotal;
        long now = nanoTime.getAsLong() - (isCrowded ? 0 : SPARE_NANOS);
        byUid.entrySet().stream()
                .filter(entry -> now - entry.getValue().untilNanos > 0)
                .map(Map.Entry::getKey)
                .toList()
                .forEach(this::removeNode);
    }

    private void removeNode(String uid) {
        Recent gone = byUid.remove(uid);
        if (gone != null) {
            total -= gone.windows.size();
        }
    }

    /** Returns the windows of a node, oldest first; empty if the node is not known. */
    public synchronized List<RecentWindow> windowsOf(String uid) {
        Recent recent = byUid.get(uid);
        return recent == null ? List.of() : List.copyOf(recent.windows);
    }

    /** Returns the number of windows. */
    synchronized int windowCount() {
        return total;
    }
}

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
 * The last windows of each node that this aggregator has received: at most {@value #PER_NODE} of each node and a number in
 * total; with more nodes each has fewer. Nodes that send nothing are evicted after a while.
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

    private static final class Recent {
        final Deque<RecentWindow> windows = new ArrayDeque<>(2);
        long untilNanos;
    }

    private final LongSupplier nanoTime;
    private final int maxTotal;
    private final Map<String, Recent> byUid = new HashMap<>();
    private int total;

    /** A series of the largest size. */
    NodeSeries(LongSupplier nanoTime) {
        this(nanoTime, TOTAL);
    }

    /**
     * An empty series.
     *
     * @param nanoTime monotonic clock
     * @param maxTotal the largest number of windows of all nodes
     */
    NodeSeries(LongSupplier nanoTime, int maxTotal) {
        this.nanoTime = nanoTime;
        this.maxTotal = maxTotal;
    }

    /** Adds a window if it is later than those that are known of the node; returns whether it is. */
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
            makeRoom();
        }
        return true;
    }

    private void shorten(Recent recent, int length) {
        while (recent.windows.size() > length) {
            recent.windows.removeFirst();
            total--;
        }
    }

    /** More room than is needed now, so that not every window has to make some. */
    private void makeRoom() {
        forgetSilent();
        int share = maxTotal / byUid.size();
        byUid.values().forEach(recent -> shorten(recent, Math.max(1, share - share / 4)));
        // more nodes than windows: those that were heard of longest ago go
        if (total > maxTotal) {
            byUid.entrySet().stream()
                    .sorted((a, b) -> Long.signum(a.getValue().untilNanos - b.getValue().untilNanos))
                    .limit(byUid.size() / 4)
                    .map(Map.Entry::getKey)
                    .toList()
                    .forEach(this::forget);
        }
    }

    /** Forgets the nodes that have been silent for long. */
    synchronized void forgetSilent() {
        long now = nanoTime.getAsLong();
        byUid.entrySet().stream()
                .filter(entry -> now - entry.getValue().untilNanos > 0)
                .map(Map.Entry::getKey)
                .toList()
                .forEach(this::forget);
    }

    private void forget(String uid) {
        Recent gone = byUid.remove(uid);
        if (gone != null) {
            total -= gone.windows.size();
        }
    }

    /** The windows of a node that are known, the eldest first; none of a node that is not. */
    public synchronized List<RecentWindow> windowsOf(String uid) {
        Recent recent = byUid.get(uid);
        return recent == null ? List.of() : List.copyOf(recent.windows);
    }

    /** Returns the number of windows. */
    synchronized int size() {
        return total;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

import io.tacho.model.ClusterWindow;
import io.tacho.model.WindowSlot;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A copy of the windows of the cluster that are in Redis: at most {@value #MAX_WINDOWS} windows and a number of bytes,
 * those that start last, so that the copy depends only on what is stored.
 *
 * <p>Thread safety: safe.
 */
public final class ClusterHistory {

    /** A week of the usual windows. */
    public static final int MAX_WINDOWS = 10_000;

    /** The memory for a day of the usual windows with the largest histograms and sketches that there are. */
    public static final int MAX_BYTES = 96 * 1024 * 1024;

    /** The estimated memory of a window with its numbers, string headers and tree node. */
    private static final int BYTES_OF_A_WINDOW = 600;

    /**
     * A window, and the revision of the history with which it came.
     *
     * @param revision two windows of one slot and one revision are the same
     */
    record Kept(ClusterWindow window, long revision) {}

    private final TreeMap<WindowSlot, Kept> windows = new TreeMap<>();
    private final long maxBytes;
    private long bytes;
    private long revision;

    ClusterHistory() {
        this(MAX_BYTES);
    }

    ClusterHistory(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Takes in windows as they are now. */
    synchronized void put(Collection<ClusterWindow> changed) {
        for (ClusterWindow window : changed) {
            WindowSlot slot = window.slot();
            Kept known = windows.get(slot);
            if (known == null || !known.window().equals(window)) {
                remove(slot);
                windows.put(slot, new Kept(window, ++revision));
                bytes += bytes(window);
            }
        }
        while (windows.size() > MAX_WINDOWS || bytes > maxBytes) {
            remove(windows.firstKey());
        }
    }

    /** Forgets all windows but these, which are all there are. */
    synchronized void replace(Collection<ClusterWindow> all) {
        retain(all.stream().map(ClusterWindow::slot).collect(Collectors.toSet()));
        put(all);
    }

    /** Forgets all windows but those of these slots. */
    synchronized void retain(Set<WindowSlot> slots) {
        Set<WindowSlot> gone = new HashSet<>(windows.keySet());
        gone.removeAll(slots);
        gone.forEach(this::remove);
    }

    private void remove(WindowSlot slot) {
        Kept kept = windows.remove(slot);
        if (kept != null) {
            bytes -= bytes(kept.window());
        }
    }

    /** {@return the windows that start from the one time on and before the other, by their start} */
    synchronized List<Kept> between(long fromMillis, long toMillis) {
        return List.copyOf(
                windows.subMap(WindowSlot.firstFrom(fromMillis), WindowSlot.firstFrom(Math.max(fromMillis, toMillis)))
                        .values());
    }

    /** Returns true if the window is known. */
    synchronized boolean contains(WindowSlot slot) {
        return windows.containsKey(slot);
    }

    /** Returns the number of windows. */
    public synchronized int size() {
        return windows.size();
    }

    /** Returns the estimated memory of the windows, bytes. */
    public synchronized long bytes() {
        return bytes;
    }

    private static long bytes(ClusterWindow window) {
        return (long) BYTES_OF_A_WINDOW + window.detail().size();
    }
}

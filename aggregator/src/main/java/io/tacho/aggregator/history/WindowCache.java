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
 * The windows of the cluster that are stored in Redis, in memory: at most {@value #MAX_WINDOWS} windows and a number of bytes. The
 * windows that start last are kept, so the content depends only on what is stored.
 *
 * <p>Thread safety: safe.
 */
public final class WindowCache {

    /** A week of the usual windows. */
    public static final int MAX_WINDOWS = 10_000;

    /** The memory for a day of the usual windows with the largest histograms and sketches that there are. */
    public static final int MAX_BYTES = 96 * 1024 * 1024;

    /**
     * A window and its revision in the cache.
     *
     * @param revision ascending with every change; two windows with the same slot and revision are equal
     */
    record CachedWindow(ClusterWindow window, long revision) {}

    private final TreeMap<WindowSlot, CachedWindow> windows = new TreeMap<>();
    private final long maxBytes;
    private long bytes;
    private long revision;

    WindowCache() {
        this(MAX_BYTES);
    }

    WindowCache(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Adds windows, or replaces those of the same slots, and removes the earliest windows above the limits. */
    synchronized void put(Collection<ClusterWindow> changed) {
        for (ClusterWindow window : changed) {
            WindowSlot slot = window.slot();
            CachedWindow known = windows.get(slot);
            if (known == null || !known.window().equals(window)) {
                remove(slot);
                windows.put(slot, new CachedWindow(window, ++revision));
                bytes += window.memoryBytes();
            }
        }
        while (windows.size() > MAX_WINDOWS || bytes > maxBytes) {
            remove(windows.firstKey());
        }
    }

    /** Adds or replaces windows of which some partitions are missing, unless the known window has as many node windows. */
    synchronized void putIncomplete(Collection<ClusterWindow> changed) {
        put(changed.stream()
                .filter(window -> {
                    CachedWindow known = windows.get(window.slot());
                    return known == null
                            || window.nodeWindows() > known.window().nodeWindows();
                })
                .toList());
    }

    /** Replaces the whole content by these windows. */
    synchronized void replaceAll(Collection<ClusterWindow> all) {
        retain(all.stream().map(ClusterWindow::slot).collect(Collectors.toSet()));
        put(all);
    }

    /** Removes all windows but those of these slots. */
    synchronized void retain(Set<WindowSlot> slots) {
        Set<WindowSlot> gone = new HashSet<>(windows.keySet());
        gone.removeAll(slots);
        gone.forEach(this::remove);
    }

    private void remove(WindowSlot slot) {
        CachedWindow cached = windows.remove(slot);
        if (cached != null) {
            bytes -= cached.window().memoryBytes();
        }
    }

    /** {@return the windows that start at or after one time and before another, ordered by their start} */
    synchronized List<CachedWindow> between(long fromMillis, long toMillis) {
        return List.copyOf(
                windows.subMap(WindowSlot.firstFrom(fromMillis), WindowSlot.firstFrom(Math.max(fromMillis, toMillis)))
                        .values());
    }

    /** Returns true if the cache contains a window of the slot. */
    synchronized boolean contains(WindowSlot slot) {
        return windows.containsKey(slot);
    }

    /** Returns the limit of the memory in bytes. */
    long maxBytes() {
        return maxBytes;
    }

    /** Returns the number of windows. */
    public synchronized int size() {
        return windows.size();
    }

    /** Returns the estimated memory of the windows in bytes. */
    public synchronized long bytes() {
        return bytes;
    }
}

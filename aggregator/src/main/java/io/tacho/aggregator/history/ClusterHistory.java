// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.history;

import io.tacho.model.ClusterWindow;
import io.tacho.model.WindowDetail;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The windows of the cluster that stand in Redis, in memory: {@value #MAX_WINDOWS} of them and {@value #MAX_BYTES} bytes at
 * the most. Of more those that start last, so that it depends on nothing but what stands there.
 *
 * <p>Thread safety: safe.
 */
public final class ClusterHistory {

    /** A week of the usual windows. */
    public static final int MAX_WINDOWS = 10_000;

    /** A day of the usual windows with the largest histograms and sketches that there are. */
    public static final int MAX_BYTES = 96 * 1024 * 1024;

    /** Of a window with its numbers, its strings' heads and its place in the tree. */
    private static final int BYTES_OF_A_WINDOW = 600;

    private record Slot(long startMillis, long intervalSeconds) {
        static final Comparator<Slot> BY_START =
                Comparator.comparingLong(Slot::startMillis).thenComparingLong(Slot::intervalSeconds);

        static Slot of(ClusterWindow window) {
            return new Slot(window.startMillis(), window.intervalSeconds());
        }
    }

    /**
     * A window, and the revision of the history with which it came.
     *
     * @param revision two windows of one slot and one revision are the same
     */
    record Kept(ClusterWindow window, long revision) {}

    private final TreeMap<Slot, Kept> windows = new TreeMap<>(Slot.BY_START);
    private long bytes;
    private long revision;

    /** Takes in windows as they are now. */
    synchronized void put(Collection<ClusterWindow> changed) {
        for (ClusterWindow window : changed) {
            Slot slot = Slot.of(window);
            Kept known = windows.get(slot);
            if (known == null || !known.window().equals(window)) {
                remove(slot);
                windows.put(slot, new Kept(window, ++revision));
                bytes += bytes(window);
            }
        }
        while (windows.size() > MAX_WINDOWS || bytes > MAX_BYTES) {
            remove(windows.firstKey());
        }
    }

    /** Forgets all windows but these, which are all there are. */
    synchronized void replace(Collection<ClusterWindow> all) {
        Set<Slot> gone = new HashSet<>(windows.keySet());
        all.forEach(window -> gone.remove(Slot.of(window)));
        gone.forEach(this::remove);
        put(all);
    }

    private void remove(Slot slot) {
        Kept kept = windows.remove(slot);
        if (kept != null) {
            bytes -= bytes(kept.window());
        }
    }

    /** The windows that start from the one moment on and before the other, by their start. */
    synchronized List<Kept> between(long fromMillis, long toMillis) {
        return List.copyOf(windows.subMap(new Slot(fromMillis, 0), new Slot(Math.max(fromMillis, toMillis), 0))
                .values());
    }

    /** Whether the window is known. */
    synchronized boolean holds(long startMillis, long intervalSeconds) {
        return windows.containsKey(new Slot(startMillis, intervalSeconds));
    }

    /** How many windows there are. */
    public synchronized int size() {
        return windows.size();
    }

    /** How much memory they take, roughly. */
    public synchronized long bytes() {
        return bytes;
    }

    private static long bytes(ClusterWindow window) {
        WindowDetail detail = window.detail();
        return BYTES_OF_A_WINDOW
                + length(detail.timeApi())
                + length(detail.timeClient())
                + length(detail.users())
                + length(detail.channels());
    }

    /** Base64 is kept with one byte a character. */
    private static long length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.store.memory;

import io.tacho.model.ClusterWindow;
import io.tacho.model.NodeTotals.ProcessTotals;
import io.tacho.model.WindowSlot;
import io.tacho.store.HistoryMark;
import io.tacho.store.UploadResult;
import io.tacho.store.WindowChanges;
import io.tacho.store.WindowMerge;
import io.tacho.store.WindowUpload;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The windows of the cluster, each with the number of its last change, and for each uid the number of its last added window.
 *
 * <p>Thread safety: not safe; the store calls it under its lock.
 */
final class MemoryHistory {

    private record Entry(ClusterWindow window, long change, long expiresAtNanos) {}

    private record LastUpload(
            long number, @Nullable String writer, @Nullable ProcessTotals totals, long expiresAtNanos) {}

    private final LongSupplier nanoTime;
    private final int maxWindows;
    private final Map<String, LastUpload> lastUploads = new HashMap<>();
    private final TreeMap<WindowSlot, Entry> entries = new TreeMap<>();
    private long changes;

    MemoryHistory(LongSupplier nanoTime, int maxWindows) {
        this.nanoTime = nanoTime;
        this.maxWindows = maxWindows;
    }

    /**
     * Adds the batch if it continues what is stored and no other writer holds its uid.
     *
     * @param holder the writer of the node's entry; null for none
     */
    UploadResult add(WindowUpload batch, @Nullable String holder) {
        expire();
        LastUpload last = lastUploads.get(batch.uid());
        long number = last == null ? 0 : last.number();
        String accepted = holder == null && last != null ? last.writer() : holder;
        if (InMemoryStore.isOther(batch.writer(), accepted)) {
            return new UploadResult(number, true, null);
        }
        if (number != batch.highWaterMark()) {
            return new UploadResult(number, false, last == null ? null : last.totals());
        }
        long history = batch.history().toNanos();
        long now = nanoTime.getAsLong();
        batch.windows().forEach(numbered -> put(WindowMerge.ofNode(numbered), now + history));
        lastUploads.put(
                batch.uid(),
                new LastUpload(batch.lastNumber(), batch.writer(), batch.last().totals(), now + 2 * history));
        return UploadResult.of(batch.lastNumber());
    }

    WindowChanges changedSince(HistoryMark mark, int limit) {
        expire();
        long since = mark.millis().isEmpty() ? 0 : mark.millis().get(0);
        List<ClusterWindow> windows = entries.values().stream()
                .filter(entry -> entry.change() > since)
                .map(Entry::window)
                .toList();
        return new WindowChanges(
                windows.subList(Math.max(0, windows.size() - limit), windows.size()),
                new HistoryMark(List.of(changes)));
    }

    void clear() {
        lastUploads.clear();
        entries.clear();
    }

    private void expire() {
        long now = nanoTime.getAsLong();
        entries.values().removeIf(entry -> entry.expiresAtNanos() - now <= 0);
        lastUploads.values().removeIf(last -> last.expiresAtNanos() - now <= 0);
    }

    private void put(ClusterWindow window, long expiresAtNanos) {
        entries.merge(
                window.slot(),
                new Entry(window, ++changes, expiresAtNanos),
                (stored, added) -> new Entry(
                        WindowMerge.merge(List.of(stored.window(), added.window())),
                        added.change(),
                        stored.expiresAtNanos() - expiresAtNanos > 0 ? stored.expiresAtNanos() : expiresAtNanos));
        if (entries.size() > maxWindows) {
            entries.pollFirstEntry();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.store.memory;

import io.tacho.model.ClusterWindow;
import io.tacho.model.ClusterWindow.Spread;
import io.tacho.model.Extras;
import io.tacho.model.Field;
import io.tacho.model.NodeTotals;
import io.tacho.model.NodeTotals.ProcessTotals;
import io.tacho.model.NodeWindow;
import io.tacho.model.WindowDetail;
import io.tacho.model.WindowGauges;
import io.tacho.model.WindowSlot;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.Encoded;
import io.tacho.sketch.HyperLogLog;
import io.tacho.store.HistoryMark;
import io.tacho.store.UploadResult;
import io.tacho.store.WindowChanges;
import io.tacho.store.WindowUpload;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
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
        batch.windows().forEach(numbered -> put(ofNode(numbered), now + history));
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
                        merge(stored.window(), added.window()),
                        added.change(),
                        stored.expiresAtNanos() - expiresAtNanos > 0 ? stored.expiresAtNanos() : expiresAtNanos));
        if (entries.size() > maxWindows) {
            entries.pollFirstEntry();
        }
    }

    private static ClusterWindow ofNode(WindowUpload.Numbered numbered) {
        NodeWindow window = numbered.window();
        return ClusterWindow.builder(window.slot())
                .nodeWindows(1)
                .bridgedWindows(numbered.isBridged() ? 1 : 0)
                .sums(window.sums())
                .gauges(window.weightedGauges())
                .longest(window.timeApiMax(), window.timeClientMax())
                .largestNode(window.gauges().numUniqueClients(), window.gauges().numChannels())
                .detail(window.detail().withExtras(Extras.NONE))
                .unionNodes(
                        count(window.detail().users()), count(window.detail().channels()))
                .extras(Extras.Merged.NONE.with(window.weightedExtras().byName()))
                .spreads(spreads(window))
                .build();
    }

    private static long count(@Nullable Encoded<HyperLogLog> sketch) {
        return sketch == null || sketch.decodeIfReadable().isEmpty() ? 0 : 1;
    }

    private static ClusterWindow merge(ClusterWindow a, ClusterWindow b) {
        return ClusterWindow.builder(a.slot())
                .nodeWindows(a.nodeWindows() + b.nodeWindows())
                .bridgedWindows(a.bridgedWindows() + b.bridgedWindows())
                .sums(NodeTotals.of(total -> total.of(a.sums()) + total.of(b.sums())))
                .gauges(WindowGauges.of(
                        gauge -> a.gauges().number(gauge) + b.gauges().number(gauge)))
                .longest(Math.max(a.timeApiMax(), b.timeApiMax()), Math.max(a.timeClientMax(), b.timeClientMax()))
                .largestNode(
                        Math.max(a.maxUniqueClients(), b.maxUniqueClients()),
                        Math.max(a.maxChannels(), b.maxChannels()))
                .detail(new WindowDetail(
                        merge(a.detail().timeApi(), b.detail().timeApi(), MemoryHistory::merge),
                        merge(a.detail().timeClient(), b.detail().timeClient(), MemoryHistory::merge),
                        merge(a.detail().users(), b.detail().users(), MemoryHistory::union),
                        merge(a.detail().channels(), b.detail().channels(), MemoryHistory::union)))
                .unionNodes(a.usersNodes() + b.usersNodes(), a.channelsNodes() + b.channelsNodes())
                .extras(a.extras().with(b.extras().byName()))
                .spreads(spreads(a.spreads(), b.spreads()))
                .build();
    }

    private static Map<Field, Spread> spreads(NodeWindow window) {
        Map<Field, Spread> spreads = new EnumMap<>(Field.class);
        for (Field field : ClusterWindow.BALANCED) {
            Spread spread = window.spread(field);
            if (!spread.equals(Spread.NONE)) {
                spreads.put(field, spread);
            }
        }
        return spreads;
    }

    private static Map<Field, Spread> spreads(Map<Field, Spread> a, Map<Field, Spread> b) {
        Map<Field, Spread> spreads = new HashMap<>(a);
        b.forEach((field, spread) -> spreads.merge(field, spread, Spread::merge));
        return spreads;
    }

    /** Merges two values; one that is missing or unreadable is left out. */
    private static <T> @Nullable Encoded<T> merge(
            @Nullable Encoded<T> a, @Nullable Encoded<T> b, BinaryOperator<Encoded<T>> both) {
        if (a == null || a.decodeIfReadable().isEmpty()) {
            return b;
        }
        return b == null || b.decodeIfReadable().isEmpty() ? a : both.apply(a, b);
    }

    private static Encoded<DurationHistogram> merge(Encoded<DurationHistogram> a, Encoded<DurationHistogram> b) {
        return a.decode().merge(b.decode()).encoded();
    }

    private static Encoded<HyperLogLog> union(Encoded<HyperLogLog> a, Encoded<HyperLogLog> b) {
        return new HyperLogLog.Builder().add(a.decode()).add(b.decode()).build().encoded();
    }
}

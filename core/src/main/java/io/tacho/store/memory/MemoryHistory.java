// SPDX-License-Identifier: Apache-2.0
package io.tacho.store.memory;

import io.tacho.model.ClusterWindow;
import io.tacho.model.NodeTotals;
import io.tacho.model.NodeWindow;
import io.tacho.model.WindowDetail;
import io.tacho.model.WindowGauges;
import io.tacho.sketch.DistinctSketch;
import io.tacho.sketch.DistinctUnion;
import io.tacho.sketch.DurationHistogram;
import io.tacho.store.DistinctWindow;
import io.tacho.store.FoldBatch;
import io.tacho.store.HistoryMark;
import io.tacho.store.WindowChanges;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The windows of the cluster, each with the number of its last change, and for each uid the number of its last added window.
 *
 * <p>Thread safety: not safe; the store calls it under its lock.
 */
final class MemoryHistory {

    private record Slot(long startMillis, long intervalSeconds) {}

    private record Entry(ClusterWindow window, long change, long expiresAtNanos) {}

    private record LastNumber(long number, long expiresAtNanos) {}

    private final LongSupplier nanoTime;
    private final int maxWindows;
    private final Map<String, LastNumber> lastNumbers = new HashMap<>();
    private final TreeMap<Slot, Entry> entries =
            new TreeMap<>(Comparator.comparingLong(Slot::startMillis).thenComparingLong(Slot::intervalSeconds));
    private long changes;

    MemoryHistory(LongSupplier nanoTime, int maxWindows) {
        this.nanoTime = nanoTime;
        this.maxWindows = maxWindows;
    }

    /** Adds the batch if it continues what is stored; returns the number of the last stored window of its uid. */
    long add(FoldBatch batch) {
        expire();
        LastNumber last = lastNumbers.get(batch.uid());
        long number = last == null ? 0 : last.number();
        if (number != batch.believed()) {
            return number;
        }
        long history = batch.history().toNanos();
        long now = nanoTime.getAsLong();
        batch.windows().forEach(numbered -> put(ofNode(numbered.window()), now + history));
        lastNumbers.put(batch.uid(), new LastNumber(batch.lastNumber(), now + 2 * history));
        return batch.lastNumber();
    }

    /**
     * Adds distinct users and channels to a stored window.
     *
     * @throws IllegalArgumentException if one of the texts is no sketch
     */
    void add(DistinctWindow distinct) {
        Stream.of(distinct.users(), distinct.channels())
                .filter(Objects::nonNull)
                .forEach(DistinctSketch::parse);
        Entry stored = entries.get(new Slot(distinct.startMillis(), distinct.intervalSeconds()));
        if (stored != null) {
            put(ofDistinct(distinct), stored.expiresAtNanos());
        }
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
        lastNumbers.clear();
        entries.clear();
    }

    private void expire() {
        long now = nanoTime.getAsLong();
        entries.values().removeIf(entry -> entry.expiresAtNanos() - now <= 0);
        lastNumbers.values().removeIf(last -> last.expiresAtNanos() - now <= 0);
    }

    private void put(ClusterWindow window, long expiresAtNanos) {
        entries.merge(
                new Slot(window.startMillis(), window.intervalSeconds()),
                new Entry(window, ++changes, expiresAtNanos),
                (stored, added) -> new Entry(
                        merge(stored.window(), added.window()),
                        added.change(),
                        stored.expiresAtNanos() - expiresAtNanos > 0 ? stored.expiresAtNanos() : expiresAtNanos));
        if (entries.size() > maxWindows) {
            entries.pollFirstEntry();
        }
    }

    private static ClusterWindow ofNode(NodeWindow window) {
        return new ClusterWindow(
                window.intervalSeconds(),
                window.slotMillis(),
                1,
                window.sums(),
                window.weightedGauges(),
                window.timeApiMax(),
                window.timeClientMax(),
                window.gauges().numUniqueClients(),
                window.gauges().numChannels(),
                new WindowDetail(window.timeApi(), window.timeClient(), null, null),
                0,
                0);
    }

    private static ClusterWindow ofDistinct(DistinctWindow distinct) {
        return new ClusterWindow(
                distinct.intervalSeconds(),
                distinct.startMillis(),
                0,
                new NodeTotals(0, 0, 0, 0, 0, 0, 0, 0, 0),
                WindowGauges.NONE,
                0,
                0,
                0,
                0,
                new WindowDetail(null, null, distinct.users(), distinct.channels()),
                distinct.usersNodes(),
                distinct.channelsNodes());
    }

    private static ClusterWindow merge(ClusterWindow a, ClusterWindow b) {
        return new ClusterWindow(
                a.intervalSeconds(),
                a.startMillis(),
                a.folds() + b.folds(),
                add(a.sums(), b.sums()),
                add(a.gauges(), b.gauges()),
                Math.max(a.timeApiMax(), b.timeApiMax()),
                Math.max(a.timeClientMax(), b.timeClientMax()),
                Math.max(a.maxUniqueClients(), b.maxUniqueClients()),
                Math.max(a.maxChannels(), b.maxChannels()),
                new WindowDetail(
                        mergeHistograms(a.detail().timeApi(), b.detail().timeApi()),
                        mergeHistograms(a.detail().timeClient(), b.detail().timeClient()),
                        union(a.detail().users(), b.detail().users()),
                        union(a.detail().channels(), b.detail().channels())),
                Math.max(a.usersNodes(), b.usersNodes()),
                Math.max(a.channelsNodes(), b.channelsNodes()));
    }

    private static NodeTotals add(NodeTotals a, NodeTotals b) {
        return new NodeTotals(
                a.numMsgPublished() + b.numMsgPublished(),
                a.numMsgQueued() + b.numMsgQueued(),
                a.numMsgSent() + b.numMsgSent(),
                a.numApiRequests() + b.numApiRequests(),
                a.numClientRequests() + b.numClientRequests(),
                a.bytesClientIn() + b.bytesClientIn(),
                a.bytesClientOut() + b.bytesClientOut(),
                a.timeApiSum() + b.timeApiSum(),
                a.timeClientSum() + b.timeClientSum());
    }

    private static WindowGauges add(WindowGauges a, WindowGauges b) {
        return new WindowGauges(
                a.numGoroutine() + b.numGoroutine(),
                a.numClients() + b.numClients(),
                a.numUniqueClients() + b.numUniqueClients(),
                a.numChannels() + b.numChannels(),
                a.memorySys() + b.memorySys(),
                a.cpuUsage() + b.cpuUsage());
    }

    private static @Nullable String mergeHistograms(@Nullable String a, @Nullable String b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return DurationHistogram.merge(List.of(DurationHistogram.parse(a), DurationHistogram.parse(b)))
                .toText();
    }

    private static @Nullable String union(@Nullable String a, @Nullable String b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        DistinctUnion union = new DistinctUnion();
        union.add(DistinctSketch.parse(a));
        union.add(DistinctSketch.parse(b));
        return union.toSketch().toText();
    }
}

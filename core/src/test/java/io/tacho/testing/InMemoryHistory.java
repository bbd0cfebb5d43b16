// SPDX-License-Identifier: Apache-2.0
package io.tacho.testing;

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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The memory of a cluster in memory; nothing in it expires. Confined to whoever holds its lock. */
final class InMemoryHistory {

    private record Slot(long startMillis, long intervalSeconds) implements Comparable<Slot> {
        @Override
        public int compareTo(Slot other) {
            int byStart = Long.compare(startMillis, other.startMillis);
            return byStart == 0 ? Long.compare(intervalSeconds, other.intervalSeconds) : byStart;
        }
    }

    private record Entry(ClusterWindow window, long changed) {}

    private final Map<String, Long> folded = new HashMap<>();
    private final Map<Slot, Entry> entries = new TreeMap<>();
    private long changes;

    long fold(FoldBatch batch) {
        long cursor = folded.getOrDefault(batch.uid(), 0L);
        if (cursor != batch.believed()) {
            return cursor;
        }
        batch.windows().forEach(numbered -> add(numbered.window()));
        folded.put(batch.uid(), batch.lastNumber());
        return batch.lastNumber();
    }

    private void add(NodeWindow window) {
        WindowGauges weighted = window.weightedGauges();
        put(new ClusterWindow(
                window.intervalSeconds(),
                window.slotMillis(),
                1,
                window.sums(),
                weighted,
                window.timeApiMax(),
                window.timeClientMax(),
                window.gauges().numUniqueClients(),
                window.gauges().numChannels(),
                new WindowDetail(window.timeApi(), window.timeClient(), null, null),
                0,
                0));
    }

    private void put(ClusterWindow window) {
        entries.merge(
                new Slot(window.startMillis(), window.intervalSeconds()),
                new Entry(window, ++changes),
                (old, added) -> new Entry(both(old.window(), added.window()), added.changed()));
    }

    private static ClusterWindow both(ClusterWindow a, ClusterWindow b) {
        NodeTotals x = a.sums();
        NodeTotals y = b.sums();
        WindowGauges g = a.gauges();
        WindowGauges h = b.gauges();
        return new ClusterWindow(
                a.intervalSeconds(),
                a.startMillis(),
                a.folds() + b.folds(),
                new NodeTotals(
                        x.numMsgPublished() + y.numMsgPublished(),
                        x.numMsgQueued() + y.numMsgQueued(),
                        x.numMsgSent() + y.numMsgSent(),
                        x.numApiRequests() + y.numApiRequests(),
                        x.numClientRequests() + y.numClientRequests(),
                        x.bytesClientIn() + y.bytesClientIn(),
                        x.bytesClientOut() + y.bytesClientOut(),
                        x.timeApiSum() + y.timeApiSum(),
                        x.timeClientSum() + y.timeClientSum()),
                new WindowGauges(
                        g.numGoroutine() + h.numGoroutine(),
                        g.numClients() + h.numClients(),
                        g.numUniqueClients() + h.numUniqueClients(),
                        g.numChannels() + h.numChannels(),
                        g.memorySys() + h.memorySys(),
                        g.cpuUsage() + h.cpuUsage()),
                Math.max(a.timeApiMax(), b.timeApiMax()),
                Math.max(a.timeClientMax(), b.timeClientMax()),
                Math.max(a.maxUniqueClients(), b.maxUniqueClients()),
                Math.max(a.maxChannels(), b.maxChannels()),
                new WindowDetail(
                        merged(a.detail().timeApi(), b.detail().timeApi()),
                        merged(a.detail().timeClient(), b.detail().timeClient()),
                        united(a.detail().users(), b.detail().users()),
                        united(a.detail().channels(), b.detail().channels())),
                Math.max(a.usersNodes(), b.usersNodes()),
                Math.max(a.channelsNodes(), b.channelsNodes()));
    }

    private static @Nullable String merged(@Nullable String a, @Nullable String b) {
        List<DurationHistogram> given = Stream.of(a, b)
                .filter(Objects::nonNull)
                .map(DurationHistogram::parse)
                .toList();
        return given.isEmpty() ? null : DurationHistogram.merge(given).toText();
    }

    private static @Nullable String united(@Nullable String a, @Nullable String b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        DistinctUnion union = new DistinctUnion();
        union.add(DistinctSketch.parse(a));
        union.add(DistinctSketch.parse(b));
        return union.toSketch().toText();
    }

    void add(DistinctWindow distinct) {
        put(new ClusterWindow(
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
                distinct.channelsNodes()));
    }

    WindowChanges changedSince(HistoryMark mark, int limit) {
        long since = mark.millis().isEmpty() ? 0 : mark.millis().get(0);
        List<ClusterWindow> windows = entries.values().stream()
                .filter(entry -> entry.changed() > since && entry.window().folds() > 0)
                .map(Entry::window)
                .toList();
        return new WindowChanges(
                windows.subList(Math.max(0, windows.size() - limit), windows.size()),
                new HistoryMark(List.of(changes)));
    }

    void flush() {
        folded.clear();
        entries.clear();
    }
}

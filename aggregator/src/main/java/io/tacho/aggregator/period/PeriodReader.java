// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.period;

import io.tacho.aggregator.history.HistoryStep;
import io.tacho.model.period.Period;
import io.tacho.model.period.PeriodCalendar;
import io.tacho.model.period.PeriodSummary;
import io.tacho.model.period.SummaryNumbers;
import io.tacho.store.PeriodIndex;
import io.tacho.store.PeriodIndex.Change;
import io.tacho.store.PeriodStore;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads units of the calendar. A unit is cached until one of its periods changes in the store, which its index shows. One span is
 * loaded at a time, so that the memory of rows is limited, and the next one finds in the cache what both have in common.
 *
 * <p>Thread safety: confined to the executor's thread.
 */
final class PeriodReader {

    private static final long MAX_CACHED_BYTES = 8 * 1024 * 1024;

    /** The periods that are read at a time, of at most a few dozen kilobytes each. */
    private static final int BATCH = 100;

    private record Cached(Change change, PeriodRow row) {}

    private final PeriodStore store;
    private final PeriodCalendar calendar;
    private final Executor executor;
    private final long maxCachedBytes;

    /** The least recently used first. */
    private final Map<List<Period>, Cached> cache = new LinkedHashMap<>(64, 0.75f, true);

    private long cachedBytes;

    /** Completed when nothing is being loaded; never exceptionally. */
    private CompletionStage<?> loaded = CompletableFuture.completedFuture(null);

    PeriodReader(PeriodStore store, PeriodCalendar calendar, Executor executor) {
        this(store, calendar, executor, MAX_CACHED_BYTES);
    }

    PeriodReader(PeriodStore store, PeriodCalendar calendar, Executor executor, long maxCachedBytes) {
        this.store = store;
        this.calendar = calendar;
        this.executor = executor;
        this.maxCachedBytes = maxCachedBytes;
    }

    /** Returns all units that overlap a time span, in order. */
    CompletionStage<List<PeriodRow>> read(PeriodUnit unit, long fromSeconds, long toSeconds) {
        List<List<Period>> units = unit.overlapping(calendar, fromSeconds, toSeconds);
        return store.index(unit.tier()).thenComposeAsync(index -> afterOthers(units, index), executor);
    }

    private CompletionStage<List<PeriodRow>> afterOthers(List<List<Period>> units, PeriodIndex index) {
        CompletionStage<List<PeriodRow>> rows =
                loaded.thenComposeAsync(done -> load(units, index, 0, new HashMap<>()), executor);
        loaded = rows.handle((result, failure) -> null);
        return rows;
    }

    /** Adds the rows of the units from that one on, and returns all. */
    private CompletionStage<List<PeriodRow>> load(
            List<List<Period>> units, PeriodIndex index, int from, Map<List<Period>, PeriodRow> rows) {
        Map<List<Period>, Change> batch = new LinkedHashMap<>();
        int next = from;
        for (int periods = 0; next < units.size() && periods < BATCH; next++) {
            List<Period> unit = units.get(next);
            Change change = change(unit, index);
            Cached cached = cache.get(unit);
            if (change == null) {
                rows.put(unit, row(unit, Map.of()));
            } else if (cached != null && cached.change().equals(change)) {
                rows.put(unit, cached.row());
            } else {
                batch.put(unit, change);
                periods += unit.size();
            }
        }
        int end = next;
        if (batch.isEmpty()) {
            return CompletableFuture.completedFuture(
                    units.stream().map(rows::get).toList());
        }
        Set<Period> periods = batch.keySet().stream().flatMap(List::stream).collect(Collectors.toSet());
        return store.read(periods)
                .thenComposeAsync(
                        summaries -> {
                            batch.forEach((unit, change) -> {
                                PeriodRow row = row(unit, summaries);
                                rows.put(unit, row);
                                cache(unit, new Cached(change, row));
                            });
                            return load(units, index, end, rows);
                        },
                        executor);
    }

    private void cache(List<Period> unit, Cached latest) {
        Cached replaced = cache.put(unit, latest);
        cachedBytes += latest.row().memoryBytes()
                - (replaced == null ? 0 : replaced.row().memoryBytes());
        Iterator<Cached> eldest = cache.values().iterator();
        while (cachedBytes > maxCachedBytes) {
            cachedBytes -= eldest.next().row().memoryBytes();
            eldest.remove();
        }
    }

    /** Returns the last change of a unit; null if nothing of it is stored. */
    private static @Nullable Change change(List<Period> unit, PeriodIndex index) {
        return unit.stream()
                .map(index.changes()::get)
                .filter(Objects::nonNull)
                .reduce(Change::with)
                .orElse(null);
    }

    private static PeriodRow row(List<Period> unit, Map<Period, PeriodSummary> summaries) {
        List<PeriodSummary> stored =
                unit.stream().map(summaries::get).filter(Objects::nonNull).toList();
        PeriodSummary merged = PeriodSummary.merge(stored);
        TreeMap<String, BigInteger> covered = new TreeMap<>();
        covered.put(SummaryNumbers.SECONDS, merged.number(SummaryNumbers.SECONDS));
        return new PeriodRow(
                unit.get(0).startSeconds(),
                unit.get(unit.size() - 1).endSeconds(),
                stored.isEmpty() ? HistoryStep.GAP : PeriodSteps.of(merged),
                new PeriodSummary(covered, merged.secondsByNodes(), Map.of(), null, null, null, null));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.period;

import io.tacho.model.period.Period;
import io.tacho.model.period.PeriodSummary;
import io.tacho.model.period.Tier;
import io.tacho.store.PeriodIndex;
import io.tacho.store.PeriodStore;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;

/** An in-memory period store; windows are also given as summaries. */
public final class InMemoryPeriods implements PeriodStore {

    /** The stored periods, which the test may change. */
    private final TreeMap<Period, PeriodSummary> stored = new TreeMap<>();

    private final Map<Period, Long> revisions = new HashMap<>();
    private long revision;
    private Function<Period, Throwable> failure = target -> null;
    private Throwable readFailure;
    private int merges;
    private int reads;

    public synchronized void put(Period period, PeriodSummary summary) {
        if (!summary.equals(stored.put(period, summary))) {
            revisions.put(period, ++revision);
        }
    }

    public synchronized void remove(Period period) {
        stored.remove(period);
        revisions.remove(period);
    }

    /** Lets merges fail: the function returns the failure of a target, null for none. */
    synchronized void failMerges(Function<Period, Throwable> failureOf) {
        failure = failureOf;
    }

    /** Lets reads fail; null for no more. */
    synchronized void failReads(Throwable failure) {
        readFailure = failure;
    }

    /** The number of requested merges. */
    synchronized int merges() {
        return merges;
    }

    /** The number of read periods. */
    synchronized int reads() {
        return reads;
    }

    synchronized PeriodSummary get(Period period) {
        return stored.get(period);
    }

    synchronized Set<Period> periods(Tier tier) {
        return stored.keySet().stream().filter(period -> period.tier() == tier).collect(Collectors.toSet());
    }

    @Override
    public synchronized CompletionStage<PeriodIndex> index(Tier tier) {
        Map<Period, PeriodIndex.Change> changes = new HashMap<>();
        periods(tier)
                .forEach(period -> changes.put(period, new PeriodIndex.Change(revisions.getOrDefault(period, 0L), 1)));
        return CompletableFuture.completedFuture(new PeriodIndex(10_000, changes));
    }

    @Override
    public synchronized CompletionStage<Boolean> rollUp(Period target, List<Period> sources) {
        merges++;
        Throwable cause = failure.apply(target);
        if (cause != null) {
            return CompletableFuture.failedFuture(cause);
        }
        PeriodSummary before = stored.get(target);
        PeriodSummary merged =
                PeriodSummary.merge(sources.stream().map(stored::get).toList());
        if (merged.equals(before)) {
            return CompletableFuture.completedFuture(false);
        }
        put(target, merged);
        return CompletableFuture.completedFuture(true);
    }

    @Override
    public synchronized CompletionStage<Map<Period, PeriodSummary>> read(Collection<Period> periods) {
        reads += periods.size();
        if (readFailure != null) {
            return CompletableFuture.failedFuture(readFailure);
        }
        Map<Period, PeriodSummary> found = new HashMap<>();
        for (Period period : periods) {
            if (stored.containsKey(period)) {
                found.put(period, stored.get(period));
            }
        }
        return CompletableFuture.completedFuture(found);
    }

    @Override
    public synchronized CompletionStage<Boolean> restore(Period period, PeriodSummary summary) {
        put(period, summary);
        return CompletableFuture.completedFuture(true);
    }

    @Override
    public void close() {}
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.period;

import io.tacho.model.period.Period;
import io.tacho.model.period.PeriodCalendar;
import io.tacho.model.period.Tier;
import io.tacho.store.PeriodIndex;
import io.tacho.store.PeriodIndex.Change;
import io.tacho.store.PeriodStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Merges windows into hours, hours into days and days into months, where something has changed. All state that matters is in the
 * store; what an instance remembers only saves questions, and is forgotten from time to time, so that the next pass also finds what
 * the store has lost.
 *
 * <p>Thread safety: confined to one thread; the executor is that thread.
 */
final class TierRollUp {

    /** After this time all periods are compared with their sources again. */
    static final Duration VERIFICATION = Duration.ofMinutes(10);

    /** The interval at which a day or month that has not ended is merged. */
    static final Duration UNFINISHED = Duration.ofMinutes(10);

    /** A source that changed less than this time before it was read may change again within the same millisecond. */
    private static final long UNSETTLED_MILLIS = 1_000;

    private final PeriodStore store;
    private final PeriodCalendar calendar;
    private final Executor executor;
    private final InstantSource clock;
    private final Map<Period, Change> merged = new HashMap<>();
    private final Map<Period, Long> mergedMillis = new HashMap<>();
    private long verifiedMillis;

    TierRollUp(PeriodStore store, PeriodCalendar calendar, Executor executor, InstantSource clock) {
        this.store = store;
        this.calendar = calendar;
        this.executor = executor;
        this.clock = clock;
        verifiedMillis = clock.millis();
    }

    /** Merges everything that has changed; returns the number of periods that were stored. */
    CompletionStage<Integer> pass() {
        long now = clock.millis();
        if (now - verifiedMillis >= VERIFICATION.toMillis()) {
            merged.clear();
            verifiedMillis = now;
        }
        return merge(Tier.HOUR)
                .thenCompose(hours -> merge(Tier.DAY).thenApply(days -> hours + days))
                .thenCompose(some -> merge(Tier.MONTH).thenApply(months -> some + months));
    }

    private CompletionStage<Integer> merge(Tier tier) {
        return store.index(tier.finer()).thenComposeAsync(index -> merge(tier, index), executor);
    }

    private CompletionStage<Integer> merge(Tier tier, PeriodIndex index) {
        Map<Period, List<Period>> targets = new TreeMap<>();
        index.changes().keySet().stream()
                .filter(this::isOfCalendar)
                .forEach(source -> targets.computeIfAbsent(
                                calendar.containing(tier, source.middleSeconds()), first -> new ArrayList<>())
                        .add(source));
        merged.keySet().removeIf(period -> period.tier() == tier && !targets.containsKey(period));
        mergedMillis.keySet().removeIf(period -> period.tier() == tier && !targets.containsKey(period));
        CompletionStage<Integer> stored = CompletableFuture.completedFuture(0);
        for (Map.Entry<Period, List<Period>> target : targets.entrySet()) {
            List<Period> sources = target.getValue().stream().sorted().toList();
            Change change = sources.stream()
                    .map(index.changes()::get)
                    .reduce(Change::with)
                    .orElseThrow();
            if (isDue(target.getKey(), change)) {
                boolean isFinal = index.nowMillis() - change.atMillis() > UNSETTLED_MILLIS;
                stored = stored.thenCompose(count -> store.rollUp(target.getKey(), sources)
                        .thenApplyAsync(
                                changed -> {
                                    remember(target.getKey(), isFinal ? change : null);
                                    return changed ? count + 1 : count;
                                },
                                executor));
            }
        }
        return stored;
    }

    /** Entries of another time zone remain after a change, and overlap those of this one. */
    private boolean isOfCalendar(Period source) {
        return source.tier() == Tier.WINDOW
                || calendar.containing(source.tier(), source.middleSeconds()).equals(source);
    }

    private boolean isDue(Period target, Change change) {
        if (change.equals(merged.get(target))) {
            return false;
        }
        Long last = mergedMillis.get(target);
        long now = clock.millis();
        boolean isFinished = target.tier() == Tier.HOUR || 1_000 * target.endSeconds() <= now;
        return isFinished || last == null || now - last >= UNFINISHED.toMillis();
    }

    private void remember(Period target, @Nullable Change known) {
        mergedMillis.put(target, clock.millis());
        if (known != null) {
            merged.put(target, known);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.period;

import io.tacho.concurrent.Failures;
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
import java.util.function.Function;
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

    /** The number of periods that were stored, and the first failure. */
    private record Outcome(int stored, @Nullable Throwable failure) {

        private static final Outcome NOTHING = new Outcome(0, null);

        Outcome and(Outcome next) {
            return new Outcome(stored + next.stored, failure == null ? next.failure : failure);
        }
    }

    /**
     * Merges everything that has changed. A period whose merge fails delays no other one.
     *
     * @return the number of periods that were stored; completed exceptionally with the first failure, after all others were merged
     */
    CompletionStage<Integer> pass() {
        long now = clock.millis();
        if (now - verifiedMillis >= VERIFICATION.toMillis()) {
            merged.clear();
            verifiedMillis = now;
        }
        return each(List.of(Tier.HOUR, Tier.DAY, Tier.MONTH), this::merge)
                .thenCompose(outcome -> outcome.failure() == null
                        ? CompletableFuture.completedFuture(outcome.stored())
                        : CompletableFuture.failedFuture(outcome.failure()));
    }

    /** Merges one after the other, also after one has failed. */
    private static <T> CompletionStage<Outcome> each(List<T> items, Function<T, CompletionStage<Outcome>> merge) {
        CompletionStage<Outcome> all = CompletableFuture.completedFuture(Outcome.NOTHING);
        for (T item : items) {
            all = all.thenCompose(before -> CompletableFuture.completedFuture(item)
                    .thenCompose(merge)
                    .exceptionally(failure -> new Outcome(0, Failures.unwrap(failure)))
                    .thenApply(before::and));
        }
        return all;
    }

    private CompletionStage<Outcome> merge(Tier tier) {
        return store.index(tier.finer()).thenComposeAsync(index -> merge(tier, index), executor);
    }

    private CompletionStage<Outcome> merge(Tier tier, PeriodIndex index) {
        Map<Period, List<Period>> targets = new TreeMap<>();
        index.changes().keySet().stream()
                .filter(this::isOfCalendar)
                .forEach(source -> targets.computeIfAbsent(
                                calendar.containing(tier, source.middleSeconds()), first -> new ArrayList<>())
                        .add(source));
        merged.keySet().removeIf(period -> period.tier() == tier && !targets.containsKey(period));
        mergedMillis.keySet().removeIf(period -> period.tier() == tier && !targets.containsKey(period));
        return each(List.copyOf(targets.entrySet()), target -> merge(target.getKey(), target.getValue(), index));
    }

    private CompletionStage<Outcome> merge(Period target, List<Period> unordered, PeriodIndex index) {
        List<Period> sources = unordered.stream().sorted().toList();
        Change change =
                sources.stream().map(index.changes()::get).reduce(Change::with).orElseThrow();
        if (!isDue(target, change)) {
            return CompletableFuture.completedFuture(Outcome.NOTHING);
        }
        boolean isFinal = index.nowMillis() - change.atMillis() > UNSETTLED_MILLIS;
        return store.rollUp(target, sources)
                .thenApplyAsync(
                        changed -> {
                            remember(target, isFinal ? change : null);
                            return changed ? new Outcome(1, null) : Outcome.NOTHING;
                        },
                        executor);
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

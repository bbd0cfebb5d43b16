// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.period;

import io.tacho.model.period.Period;
import io.tacho.model.period.PeriodSummary;
import io.tacho.model.period.Tier;
import io.tacho.store.PeriodIndex;
import io.tacho.store.PeriodStore;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** A store that fails at one operation, which is executed completely, partly or not at all. No later operation is executed. */
final class CutOffStore implements PeriodStore {

    private final PeriodStore store;
    private final Runnable kill;
    private int left;

    CutOffStore(PeriodStore store, int operations, Runnable kill) {
        this.store = store;
        this.kill = kill;
        left = operations;
    }

    private <T> CompletionStage<T> use(Supplier<CompletionStage<T>> operation) {
        left--;
        if (left < 0) {
            return CompletableFuture.failedFuture(new IllegalStateException("killed"));
        }
        CompletionStage<T> result = operation.get();
        if (left == 0) {
            kill.run();
        }
        return result;
    }

    @Override
    public CompletionStage<PeriodIndex> index(Tier tier) {
        return use(() -> store.index(tier));
    }

    @Override
    public CompletionStage<Boolean> rollUp(Period target, List<Period> sources) {
        return use(() -> store.rollUp(target, sources));
    }

    @Override
    public CompletionStage<Map<Period, PeriodSummary>> read(Collection<Period> periods) {
        return use(() -> store.read(periods));
    }

    @Override
    public CompletionStage<Boolean> restore(Period period, PeriodSummary summary) {
        return use(() -> store.restore(period, summary));
    }

    @Override
    public void close() {}
}

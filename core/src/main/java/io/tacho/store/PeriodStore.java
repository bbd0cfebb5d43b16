// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import io.tacho.model.period.Period;
import io.tacho.model.period.PeriodSummary;
import io.tacho.model.period.Tier;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * The stored hours, days and months of the cluster. It never blocks, and reports failures in its results.
 *
 * <p>Thread safety: safe.
 */
public interface PeriodStore extends AutoCloseable {

    /**
     * Returns the periods of a tier that are stored.
     *
     * @return completed exceptionally with {@link TransportException} if a partition cannot be read
     */
    CompletionStage<PeriodIndex> index(Tier tier);

    /**
     * Makes a period the merge of others, unless it is already. It depends only on what these contain: any number of aggregators can
     * do it, at the same time and again, and one that ends halfway leaves nothing that the next one does not complete. If some of
     * the sources are gone meanwhile, the period stays as it was.
     *
     * @param target an hour, day or month
     * @param sources all stored periods of the finer tier that belong to it
     * @return whether it was changed; completed exceptionally with {@link TransportException} if a partition cannot be used
     */
    CompletionStage<Boolean> rollUp(Period target, List<Period> sources);

    /**
     * Returns what happened in these periods, without those that are not stored.
     *
     * @param periods hours, days and months
     * @return completed exceptionally with {@link TransportException} if a partition cannot be read
     */
    CompletionStage<Map<Period, PeriodSummary>> read(Collection<Period> periods);

    /**
     * Stores an exported period, unless one with as many windows of nodes or more is stored already.
     *
     * @return whether it was stored
     */
    CompletionStage<Boolean> restore(Period period, PeriodSummary summary);

    /** Closes the connection, waiting a bounded time. Idempotent. */
    @Override
    void close();
}

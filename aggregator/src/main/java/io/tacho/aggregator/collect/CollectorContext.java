// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.collect;

import io.tacho.aggregator.view.BeatEffect;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.SubscriptionState;
import io.tacho.aggregator.view.ViewMetrics;
import io.tacho.concurrent.GuardedExecutor;
import io.tacho.concurrent.RateLimitedLog;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.store.Partitions;
import io.tacho.store.SnapshotSource;
import io.tacho.store.StoredSnapshot;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the collectors of all partitions share.
 *
 * @param worker applies the responses of the store
 * @param nanoTime monotonic clock
 */
record CollectorContext(
        SnapshotSource source,
        ClusterView view,
        GuardedExecutor worker,
        BeatEffectCounter counter,
        LongSupplier nanoTime,
        RateLimitedLog rareLog) {

    private static final Logger logger = LoggerFactory.getLogger(Collector.class);

    SubscriptionState state() {
        return view.subscription();
    }

    ViewMetrics metrics() {
        return view.metrics();
    }

    Partitions partitions() {
        return source.partitions();
    }

    /** Counts the result of an entry; logs a node that has joined since its partition was loaded. */
    void count(BeatEffect result, StoredSnapshot entry) {
        metrics().countReceived();
        counter.count(result);
        SnapshotEnvelope beat = entry.envelope();
        if (result == BeatEffect.JOINED && state().isReady(partitions().of(beat.uid()))) {
            logger.info("node {} ({}) joined", beat.snapshot().name(), beat.uid());
        }
    }
}

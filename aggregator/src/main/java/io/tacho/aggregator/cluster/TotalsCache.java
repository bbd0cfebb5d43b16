// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.cluster;

import io.tacho.aggregator.view.ClusterView;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A cache of the totals of a view. They are computed at most once per version of the view, and in large clusters only so often that
 * this takes at most a tenth of a core. The calling thread computes them, so it must not be an event loop.
 *
 * <p>Thread safety: safe.
 */
public final class TotalsCache {

    private final ClusterView view;
    private final LongSupplier nanoTime;
    private @Nullable ClusterTotals totals;
    private long keepUntilNanos;

    /**
     * Creates an empty cache.
     *
     * @param nanoTime monotonic clock
     */
    public TotalsCache(ClusterView view, LongSupplier nanoTime) {
        this.view = view;
        this.nanoTime = nanoTime;
    }

    /** {@return the current totals of the view, or in a large cluster recent ones} */
    public synchronized ClusterTotals get() {
        ClusterTotals last = totals;
        long start = nanoTime.getAsLong();
        if (last != null && (last.version() == view.version() || start - keepUntilNanos < 0)) {
            return last;
        }
        ClusterTotals fresh = ClusterTotals.of(view.nodeList());
        keepUntilNanos = CostThrottledCache.keepUntil(start, nanoTime.getAsLong(), fresh.nodes());
        totals = fresh;
        return fresh;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.collect;

import io.tacho.aggregator.view.BeatEffect;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.concurrent.RateLimitedLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the outdated and rejected beats, and logs rejected ones at most once per minute.
 *
 * <p>Thread safety: safe.
 */
final class BeatEffectCounter {

    private static final Logger logger = LoggerFactory.getLogger(Collector.class);

    private final ClusterView view;
    private final RateLimitedLog rareLog;

    BeatEffectCounter(ClusterView view, RateLimitedLog rareLog) {
        this.view = view;
        this.rareLog = rareLog;
    }

    /** Counts the result of a beat, if it did not change the view. */
    void count(BeatEffect result) {
        switch (result) {
            case OUTDATED -> view.metrics().countOutdated();
            case REJECTED -> reject("the view is full; max-nodes is " + view.maxNodes());
            case JOINED, UPDATED, UNKNOWN -> {}
        }
    }

    /** Counts and logs a rejected beat. */
    void reject(String why) {
        view.metrics().countRejected();
        if (rareLog.isDue("rejected")) {
            logger.warn("nodes rejected ({} so far): {}", view.metrics().rejected(), why);
        }
    }
}

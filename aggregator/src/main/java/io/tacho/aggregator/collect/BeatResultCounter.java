// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.collect;

import io.tacho.aggregator.view.BeatResult;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.concurrent.RateLimitedLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts messages and entries that changed nothing, and reports rejected ones, at most once per minute.
 *
 * <p>Thread safety: safe.
 */
final class BeatResultCounter {

    private static final Logger logger = LoggerFactory.getLogger(Collector.class);

    private final ClusterView view;
    private final RateLimitedLog rareLog;

    BeatResultCounter(ClusterView view, RateLimitedLog rareLog) {
        this.view = view;
        this.rareLog = rareLog;
    }

    void count(BeatResult result) {
        switch (result) {
            case OUTDATED -> view.metrics().countOutdated();
            case REJECTED -> reject("the view is full; max-nodes is " + view.maxNodes());
            case JOINED, UPDATED, UNKNOWN -> {}
        }
    }

    void reject(String why) {
        view.metrics().countRejected();
        if (rareLog.isDue("rejected")) {
            logger.warn("nodes rejected ({} so far): {}", view.metrics().rejected(), why);
        }
    }
}

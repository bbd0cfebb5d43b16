// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.collect;

import io.tacho.aggregator.view.ClusterView;
import io.tacho.aggregator.view.ViewStatus;
import io.tacho.concurrent.StateLog;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs how many partitions are connected, once per change.
 *
 * <p>Thread safety: confined to one thread.
 */
final class CoverageLog {

    private static final Logger logger = LoggerFactory.getLogger(Collector.class);

    private final ClusterView view;
    private final StateLog outcome;
    private boolean isStarting = true;
    private int disconnected;

    CoverageLog(ClusterView view, LongSupplier nanoTime) {
        this.view = view;
        outcome = new StateLog(nanoTime);
        disconnected = view.status().partitions();
    }

    /**
     * Logs the number of connected partitions, if it has changed since the last call; to be called several times a second.
     *
     * @param problems for each partition why its server does not respond; empty if it does
     */
    void log(Supplier<Stream<String>> problems) {
        ViewStatus status = view.status();
        if ((isStarting && status.disconnected() == disconnected)
                || (!status.isReady() && status.disconnected() < status.partitions())) {
            return;
        }
        disconnected = status.disconnected();
        if (status.isComplete()) {
            if (outcome.isEndNews() || isStarting) {
                logger.info("following {} nodes", view.size());
            }
            isStarting = false;
            return;
        }
        isStarting = false;
        if (!outcome.isNews(disconnected + " disconnected")) {
            return;
        }
        String problem =
                problems.get().filter(text -> !text.isEmpty()).findFirst().orElse("");
        if (status.isReady()) {
            logger.warn(
                    "{} of {} partitions are disconnected: keeping the last view of their {} nodes{}",
                    disconnected,
                    status.partitions(),
                    view.disconnectedNodeCount(),
                    problem.isEmpty() ? "" : ": " + problem);
        } else if (problem.isEmpty()) {
            logger.warn("Redis is disconnected: keeping the last view of {} nodes", view.size());
        } else {
            logger.warn(
                    "Redis does not respond as expected: keeping the last view of {} nodes: {}", view.size(), problem);
        }
    }
}

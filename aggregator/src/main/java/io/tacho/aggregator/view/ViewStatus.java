// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import java.time.Duration;

/**
 * How much of the cluster the view follows, derived from the {@link SubscriptionState}. A partition is connected if the store is
 * subscribed to, responds, and everything that the partition contained has been loaded.
 *
 * @param isReady whether at least one partition is connected, and none is still being loaded for the first time
 * @param staleFor how long the view may have missed changes in at least one partition; zero if all are connected
 * @param partitions number of partitions
 * @param disconnected number of partitions that are not connected: their nodes are as they were
 */
public record ViewStatus(boolean isReady, Duration staleFor, int partitions, int disconnected) {

    /** {@return whether all partitions are connected} */
    public boolean isComplete() {
        return disconnected == 0;
    }

    static ViewStatus complete(int partitions) {
        return new ViewStatus(true, Duration.ZERO, partitions, 0);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import java.time.Duration;

/**
 * The status of a view: whether it is ready, and which part of the cluster it does not follow. A partition is connected if it is
 * subscribed to, its server responds, and all of its entries have been loaded. Derived from the {@link SubscriptionState}.
 *
 * @param isReady whether at least one partition is connected, and none is being loaded for the first time
 * @param staleFor the time for which changes of a partition may have been missed; zero if all partitions are connected
 * @param partitions the number of partitions
 * @param disconnected the number of partitions that are not connected; the view keeps the last state of their nodes
 */
public record ViewStatus(boolean isReady, Duration staleFor, int partitions, int disconnected) {

    /** {@return whether all partitions are connected} */
    public boolean isComplete() {
        return disconnected == 0;
    }

    /** Returns the status of a view that follows all partitions. */
    static ViewStatus complete(int partitions) {
        return new ViewStatus(true, Duration.ZERO, partitions, 0);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import io.tacho.model.ClusterWindow;
import java.util.List;
import java.util.Objects;

/**
 * Changes of the cluster's history.
 *
 * @param windows as they are now, by ascending start
 * @param next the position after them
 * @param missingPartitions the number of partitions that could not be read: the windows lack what their nodes have uploaded
 */
public record WindowChanges(List<ClusterWindow> windows, HistoryMark next, int missingPartitions) {

    /** Changes of all partitions. */
    public WindowChanges(List<ClusterWindow> windows, HistoryMark next) {
        this(windows, next, 0);
    }

    public WindowChanges {
        windows = List.copyOf(windows);
        Objects.requireNonNull(next, "next");
    }
}

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
 */
public record WindowChanges(List<ClusterWindow> windows, HistoryMark next) {

    public WindowChanges {
        windows = List.copyOf(windows);
        Objects.requireNonNull(next, "next");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import io.tacho.model.ClusterWindow;
import java.util.List;
import java.util.Objects;

/**
 * The windows of the cluster that have changed since a {@link HistoryMark}.
 *
 * @param windows the current content of each, by ascending start
 * @param next the mark after these changes
 */
public record WindowChanges(List<ClusterWindow> windows, HistoryMark next) {

    public WindowChanges {
        windows = List.copyOf(windows);
        Objects.requireNonNull(next, "next");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import io.tacho.model.ClusterWindow;
import java.util.List;
import java.util.Objects;

/**
 * What has changed in the cluster's history.
 *
 * @param windows as they are now, by ascending start
 * @param next where to read on
 */
public record WindowChanges(List<ClusterWindow> windows, HistoryMark next) {

    public WindowChanges {
        windows = List.copyOf(windows);
        Objects.requireNonNull(next, "next");
    }
}

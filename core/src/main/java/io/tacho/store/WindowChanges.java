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
 * @param missingPartitions the number of partitions that could not be read: the windows lack what their nodes have uploaded
 * @param storeMillis the time of the store's clock, UNIX milliseconds; 0 if it has none of its own
 */
public record WindowChanges(List<ClusterWindow> windows, HistoryMark next, int missingPartitions, long storeMillis) {

    /** Creates changes of all partitions. */
    public WindowChanges(List<ClusterWindow> windows, HistoryMark next) {
        this(windows, next, 0, 0);
    }

    public WindowChanges {
        windows = List.copyOf(windows);
        Objects.requireNonNull(next, "next");
    }

    /** {@return the changes with only those windows that start last, if all of them need more memory} */
    public WindowChanges last(long maxBytes) {
        int first = windows.size();
        long bytesLeft = maxBytes;
        while (first > 0 && bytesLeft > 0) {
            first--;
            bytesLeft -= windows.get(first).memoryBytes();
        }
        return new WindowChanges(windows.subList(first, windows.size()), next, missingPartitions, storeMillis);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import io.tacho.model.NodeWindow;
import java.time.Duration;
import java.util.List;

/**
 * Completed windows of one node, which are added to those of the cluster all together or not at all.
 *
 * @param uid the node's uid
 * @param history how long the cluster keeps its windows
 * @param highWaterMark the number of the last window of this uid that was rolled up, as far as the node knows; 0 for none
 * @param windows at least one, by ascending numbers above the high-water mark
 */
public record WindowUpload(String uid, Duration history, long highWaterMark, List<Numbered> windows) {

    /** A window with its number among all windows of its uid. */
    public record Numbered(long number, NodeWindow window) {}

    /**
     * Creates an upload.
     *
     * @throws IllegalArgumentException if there are no windows, or their numbers do not ascend from the high-water mark
     */
    public WindowUpload {
        windows = List.copyOf(windows);
        if (windows.isEmpty()) {
            throw new IllegalArgumentException("windows: none (expected: at least one)");
        }
        long last = highWaterMark;
        for (Numbered window : windows) {
            if (window.number() <= last) {
                throw new IllegalArgumentException("number: " + window.number() + " (expected: above " + last + ")");
            }
            last = window.number();
        }
    }

    /** {@return the number of the last window, which is the high-water mark after the upload} */
    public long lastNumber() {
        return windows.get(windows.size() - 1).number();
    }
}

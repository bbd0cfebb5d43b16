// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import io.tacho.model.NodeTotals.ProcessTotals;
import io.tacho.model.NodeWindow;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Completed windows of one node, which are added to those of the cluster all together or not at all.
 *
 * @param uid the node's uid
 * @param writer the id of the agent process that uploads; null if not reported, then the uid's holder is not checked
 * @param history how long the cluster keeps its windows
 * @param highWaterMark the number of the last window of this uid that was rolled up, as far as the node knows; 0 for none
 * @param windows at least one, by ascending numbers above the high-water mark
 */
public record WindowUpload(
        String uid, @Nullable String writer, Duration history, long highWaterMark, List<Numbered> windows) {

    /**
     * A window with its number among all windows of its uid.
     *
     * @param totals the totals of the node's process at its end; null if the process does not outlive its agent
     * @param isBridged whether it includes what was counted before its start, while no agent was running
     */
    public record Numbered(
            long number, NodeWindow window, @Nullable ProcessTotals totals, boolean isBridged) {

        /** A window without totals. */
        public Numbered(long number, NodeWindow window) {
            this(number, window, null, false);
        }
    }

    /** Creates an upload that does not report its writer. */
    public WindowUpload(String uid, Duration history, long highWaterMark, List<Numbered> windows) {
        this(uid, null, history, highWaterMark, windows);
    }

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
        return last().number();
    }

    /** {@return its last window} */
    public Numbered last() {
        return windows.get(windows.size() - 1);
    }
}

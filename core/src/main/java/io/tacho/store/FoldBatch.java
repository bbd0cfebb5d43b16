// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import io.tacho.model.NodeWindow;
import java.time.Duration;
import java.util.List;

/**
 * Windows of one node that are to be folded together, or not at all.
 *
 * @param uid the node's
 * @param history how long the cluster is to remember them
 * @param believed the number of the last window of this uid that is folded, as the node believes; 0 for none
 * @param windows at least one, by ascending numbers above {@code believed}
 */
public record FoldBatch(String uid, Duration history, long believed, List<Numbered> windows) {

    /** A window with its number among all windows of its uid. */
    public record Numbered(long number, NodeWindow window) {}

    /** @throws IllegalArgumentException if there are no windows, or their numbers do not ascend from what is believed */
    public FoldBatch {
        windows = List.copyOf(windows);
        if (windows.isEmpty()) {
            throw new IllegalArgumentException("windows: none (expected: at least one)");
        }
        long last = believed;
        for (Numbered window : windows) {
            if (window.number() <= last) {
                throw new IllegalArgumentException("number: " + window.number() + " (expected: above " + last + ")");
            }
            last = window.number();
        }
    }

    /** The number of its last window: what the folder answers when all of them are folded. */
    public long lastNumber() {
        return windows.get(windows.size() - 1).number();
    }
}

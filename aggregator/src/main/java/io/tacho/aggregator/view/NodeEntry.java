// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import org.jspecify.annotations.Nullable;

/**
 * The entry of a node in the view's maps, the same object for as long as the node is there: a beat replaces what the entry
 * contains and changes neither map.
 *
 * <p>Thread safety: guarded by the view's lock.
 */
final class NodeEntry {

    private LiveNode node;

    /** The node's last change, owned by the change log; null once the node is gone. */
    @Nullable
    NodeChange last;

    NodeEntry(LiveNode node) {
        this.node = node;
    }

    LiveNode node() {
        return node;
    }

    /** Replaces the node. If its name changes, the caller also updates the order. */
    void replace(LiveNode replacement) {
        node = replacement;
    }
}

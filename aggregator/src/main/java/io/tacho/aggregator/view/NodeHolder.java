// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import org.jspecify.annotations.Nullable;

/**
 * A mutable holder of a node's newest {@link KnownNode}, so that a beat changes no map. The view's maps contain the same holder for as
 * long as the node is in the view.
 *
 * <p>Thread safety: guarded by the view's lock.
 */
final class NodeHolder {

    private KnownNode node;

    /** The node's partition. */
    final int partition;

    /** The node's last change, owned by the change log; null once the node is gone. */
    @Nullable
    NodeChange last;

    NodeHolder(KnownNode node, int partition) {
        this.node = node;
        this.partition = partition;
    }

    KnownNode node() {
        return node;
    }

    /** Sets the node's new state. If its name changes, the caller also updates the order. */
    void replace(KnownNode replacement) {
        node = replacement;
    }
}

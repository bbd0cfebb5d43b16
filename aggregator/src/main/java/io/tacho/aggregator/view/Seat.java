// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import org.jspecify.annotations.Nullable;

/**
 * A node's place in the view, the same for as long as it is there: a beat puts what is known now into it, and touches no
 * order.
 *
 * <p>Thread safety: the view's.
 */
final class Seat {

    private LiveNode node;

    /** The change log's: the node's last change; null once it is gone. */
    @Nullable
    NodeChange last;

    Seat(LiveNode node) {
        this.node = node;
    }

    LiveNode node() {
        return node;
    }

    /** Takes in what is known now. Where the name is another, the order has to know of it. */
    void take(LiveNode now) {
        node = now;
    }
}

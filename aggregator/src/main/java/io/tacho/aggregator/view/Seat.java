// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import org.jspecify.annotations.Nullable;

/**
 * A node's place in the view, found once for each of its beats: what is known of it, and its last change among the last
 * changes of all.
 *
 * <p>Thread safety: the view's.
 */
final class Seat {

    private LiveNode node;

    /** The change log's: the last change, and the seats that changed last before and after it. */
    @Nullable
    NodeChange last;

    @Nullable
    Seat older;

    @Nullable
    Seat newer;

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

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import java.util.List;

/**
 * Consecutive changes of the view, as read from a cursor. A reader that knows the nodes at the cursor and applies the changes in
 * order knows the nodes of {@link #version()}.
 *
 * @param changes in the order of their versions; of the updates of one node only the last
 * @param next the position after these changes
 */
public record ChangeBatch(List<NodeChange> changes, ViewCursor next) {

    public ChangeBatch {
        changes = List.copyOf(changes);
    }

    /** {@return the version of the view that a reader knows after these changes} */
    public long version() {
        return next.version();
    }
}

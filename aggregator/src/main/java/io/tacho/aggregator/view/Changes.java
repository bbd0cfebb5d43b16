// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import java.util.List;

/**
 * The changes of a view since a version: a reader that knew the nodes then and applies the changes in order knows those
 * of {@link #upTo()}.
 *
 * @param changes in the order of their versions; of the updates of one node only the last
 * @param next the position after these changes
 */
public record Changes(List<NodeChange> changes, ViewCursor next) {

    public Changes {
        changes = List.copyOf(changes);
    }

    /** {@return the version of the view up to which these are all changes} */
    public long upTo() {
        return next.version();
    }
}

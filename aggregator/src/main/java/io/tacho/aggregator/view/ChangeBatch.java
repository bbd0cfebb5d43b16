// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import java.util.List;

/**
 * The view changes after one version, up to and including another. A reader that knows the nodes of the first version and applies the
 * changes in order knows the nodes of {@link #upTo()}.
 *
 * @param changes in the order of their versions; of the updates of one node only the last
 * @param next the position after these changes
 */
public record ChangeBatch(List<NodeChange> changes, ViewCursor next) {

    public ChangeBatch {
        changes = List.copyOf(changes);
    }

    /** {@return the version of the view up to which these are all changes} */
    public long upTo() {
        return next.version();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import java.util.List;

/**
 * What has changed since a version of the view: whoever knew the nodes then and applies the changes in order knows those of
 * {@link #upTo()}.
 *
 * @param changes in the order of their versions; of the updates of one node only the last
 * @param upTo the version up to which these are all changes
 */
public record Changes(List<NodeChange> changes, long upTo) {

    public Changes {
        changes = List.copyOf(changes);
    }
}

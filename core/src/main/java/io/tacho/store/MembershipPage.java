// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import io.tacho.model.MembershipChange;
import java.util.List;

/**
 * The result of reading the {@link MembershipLog} from a position.
 *
 * @param position the position after these changes
 * @param isComplete true if the changes are the whole log, and replace what the reader has read before
 * @param changes newest first
 */
public record MembershipPage(String position, boolean isComplete, List<MembershipChange> changes) {

    public MembershipPage {
        changes = List.copyOf(changes);
    }
}

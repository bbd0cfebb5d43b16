// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import io.tacho.model.MembershipChange;
import java.util.List;

/**
 * A part of the {@link MembershipLog}.
 *
 * @param position the position after it
 * @param isComplete whether it is the whole log, which replaces what the reader knows
 * @param changes newest first
 */
public record MembershipPage(String position, boolean isComplete, List<MembershipChange> changes) {

    public MembershipPage {
        changes = List.copyOf(changes);
    }
}

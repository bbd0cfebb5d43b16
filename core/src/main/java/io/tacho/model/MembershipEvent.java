// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import java.util.Locale;

/** A change of a node's membership in its cluster. */
public enum MembershipEvent {
    /** The node registered. */
    JOINED,
    /** The node announced that it is about to leave. */
    DRAINING,
    /** The node sent a leave message. */
    LEFT,
    /** The node's registration expired without a leave message. */
    LOST,
    /** A newer process of the same name on the same host replaced the node. */
    RESTARTED;

    /** {@return the name in lower case, as it appears in JSON} */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** {@return whether the node is no longer a member after it} */
    public boolean isDeparture() {
        return this == LEFT || this == LOST || this == RESTARTED;
    }
}

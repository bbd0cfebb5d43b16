// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import io.tacho.model.MembershipEvent;
import org.jspecify.annotations.Nullable;

/**
 * One change of the view: a node joined, was updated, or departed.
 *
 * @param version the version of the view that this change created
 * @param kind what happened
 * @param node the node after the change; of a departed node its last state
 */
public record NodeChange(long version, Kind kind, KnownNode node) {

    /** The kind of a change: a membership event, or an update by a newer beat. */
    public enum Kind {
        /** The node is new in the view. */
        JOINED(MembershipEvent.JOINED),
        /** The node sent a newer beat. */
        UPDATED(null),
        /** The node sent its first beat that announces its departure. */
        DRAINING(MembershipEvent.DRAINING),
        /** The node sent a leave message and was removed. */
        LEFT(MembershipEvent.LEFT),
        /** The node stopped sending beats and was removed. */
        LOST(MembershipEvent.LOST),
        /** The node was removed, because its restarted successor replaced it. */
        RESTARTED(MembershipEvent.RESTARTED);

        private final @Nullable MembershipEvent event;

        Kind(@Nullable MembershipEvent event) {
            this.event = event;
        }

        /** {@return the membership event; null for an update} */
        public @Nullable MembershipEvent membershipEvent() {
            return event;
        }

        /** {@return whether the change removed the node from the view} */
        public boolean isDeparture() {
            return event != null && event.isDeparture();
        }
    }

    /** {@return this change as an update, for readers to which the membership change does not matter} */
    NodeChange asUpdate() {
        return new NodeChange(version, Kind.UPDATED, node);
    }
}

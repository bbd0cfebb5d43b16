// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import io.tacho.model.MembershipEvent;
import org.jspecify.annotations.Nullable;

/**
 * A node that joined, changed, or was removed because it left, was lost or was replaced, with the version of the view.
 *
 * @param version the view's version with this change, {@link NodeList#version()}
 * @param kind what happened
 * @param node the node after the change; one that is gone as it was before
 */
public record NodeChange(long version, Kind kind, KnownNode node) {

    /** The kinds of changes: a membership event, or a newer beat. */
    public enum Kind {
        JOINED(MembershipEvent.JOINED),
        /** A newer beat. */
        UPDATED(null),
        /** A newer beat, the first that announces the node's departure. */
        DRAINING(MembershipEvent.DRAINING),
        LEFT(MembershipEvent.LEFT),
        LOST(MembershipEvent.LOST),
        RESTARTED(MembershipEvent.RESTARTED);

        private final @Nullable MembershipEvent event;

        Kind(@Nullable MembershipEvent event) {
            this.event = event;
        }

        /** {@return the membership event; null for an update} */
        public @Nullable MembershipEvent membershipEvent() {
            return event;
        }

        /** {@return whether the node is no longer in the view} */
        public boolean isDeparture() {
            return event != null && event.isDeparture();
        }
    }

    /** {@return the change as it is retained among the membership changes: with little of the node} */
    NodeChange forMembership() {
        return new NodeChange(version, kind, node.forMembership());
    }

    /** {@return the same change, seen as an update of a node that is there} */
    NodeChange toUpdateKind() {
        return new NodeChange(version, Kind.UPDATED, node);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

/**
 * One change of the view.
 *
 * @param version the view's version with this change, {@link NodeList#version()}
 * @param kind what has happened
 * @param node the node as it is since then; one that is gone, as it was
 */
public record NodeChange(long version, Kind kind, LiveNode node) {

    /** What happens to nodes. */
    public enum Kind {
        /** It came. */
        JOINED,
        /** A newer beat of it. */
        UPDATED,
        /** A newer beat of it, the first that says it is about to leave. */
        DRAINING,
        /** It said goodbye. */
        LEFT,
        /** It was given up for silence. */
        LOST,
        /** Its restarted self has taken its place. */
        RESTARTED;

        /** Whether the node is not in the view any more. */
        public boolean isDeparture() {
            return this == LEFT || this == LOST || this == RESTARTED;
        }
    }

    /** The same, seen as news of a node that is there. */
    NodeChange asUpdate() {
        return new NodeChange(version, Kind.UPDATED, node);
    }
}

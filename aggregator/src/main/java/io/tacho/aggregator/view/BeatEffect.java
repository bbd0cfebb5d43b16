// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

/** What a beat did to the view: it added or updated its node, or was ignored, and why. */
public enum BeatEffect {
    /** The node was added. */
    JOINED,
    /** The node was updated. */
    UPDATED,
    /** The beat was ignored: the view has this or a newer one already, or the node has left. */
    OUTDATED,
    /** The beat was ignored: the node is not in the view, and the store has to confirm first that it exists. */
    UNKNOWN,
    /** The beat was ignored: the view is full. */
    REJECTED
}

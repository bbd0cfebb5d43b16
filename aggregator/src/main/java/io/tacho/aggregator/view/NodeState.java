// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import java.util.Locale;

/** The state of a node in the view. */
public enum NodeState {
    /** The node publishes beats. */
    LIVE,
    /** The node publishes beats and has announced its departure. */
    DRAINING,
    /** The node published no beat within its TTL and is not evicted yet: the store has not confirmed that it is lost. */
    STALE;

    /** Returns the state in lower case, as in responses. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}

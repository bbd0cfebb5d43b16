// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import java.util.Locale;

/** The state of a listed node. */
public enum NodeState {
    /** The node publishes beats. */
    LIVE,
    /** The node publishes beats and has announced its departure. */
    DRAINING,
    /** The node published no beat within its TTL and is not evicted, because the store is not reachable. */
    STALE;

    /** Returns the state in lower case, as in responses. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import java.util.Locale;

/** The state of a listed node. */
public enum NodeState {
    /** It beats. */
    LIVE,
    /** It beats, and has announced its departure. */
    DRAINING,
    /** Its TTL is over, and it could not be given up because the store is away. */
    STALE;

    /** In lower case, as in responses. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

/** A connection or an exchange that ends when it has waited for too long. Confined to its event loop. */
interface Timed {

    /** {@return whether it has waited for too long} */
    boolean isLate(long nowNanos, boolean memoryPressure);

    /** Ends it, with a response if a request came too slowly. */
    void expire();
}

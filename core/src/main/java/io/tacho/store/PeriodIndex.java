// SPDX-License-Identifier: Apache-2.0
package io.tacho.store;

import io.tacho.model.period.Period;
import java.util.Map;

/**
 * The stored periods of a tier.
 *
 * @param nowMillis the time of the store's clock when it was read, UNIX milliseconds, of several the earliest
 * @param changes when each of them was changed last
 */
public record PeriodIndex(long nowMillis, Map<Period, Change> changes) {

    /**
     * The last change of a period, by the store's clock.
     *
     * @param revision differs after each change
     * @param atMillis the time, UNIX milliseconds
     */
    public record Change(long revision, long atMillis) {

        /** {@return the last change of two partitions or periods together} */
        public Change with(Change other) {
            return new Change(revision + other.revision, Math.max(atMillis, other.atMillis));
        }
    }

    /** Copies the map. */
    public PeriodIndex {
        changes = Map.copyOf(changes);
    }
}

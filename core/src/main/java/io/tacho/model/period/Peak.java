// SPDX-License-Identifier: Apache-2.0
package io.tacho.model.period;

/**
 * The largest value that the cluster had in a period.
 *
 * @param value the value
 * @param atSeconds the start of the first window that had it, UNIX seconds
 */
public record Peak(long value, long atSeconds) {

    /** {@return the larger of two peaks; of equal ones the earlier} */
    public static Peak larger(Peak one, Peak other) {
        if (one.value != other.value) {
            return one.value > other.value ? one : other;
        }
        return one.atSeconds <= other.atSeconds ? one : other;
    }
}

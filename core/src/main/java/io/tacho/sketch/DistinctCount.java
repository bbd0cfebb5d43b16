// SPDX-License-Identifier: Apache-2.0
package io.tacho.sketch;

/**
 * The number of distinct ids as estimated by sketches: the bounds hold in 95 of 100 cases.
 *
 * @param lower lower bound
 * @param estimate the most likely number
 * @param upper upper bound
 */
public record DistinctCount(long lower, long estimate, long upper) {

    /** No ids. */
    public static final DistinctCount ZERO = new DistinctCount(0, 0, 0);
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.sketch;

/**
 * How many distinct ids there are, as well as sketches tell: the bounds hold in 95 of 100 cases.
 *
 * @param lower at least so many
 * @param estimate most likely so many
 * @param upper at most so many
 */
public record DistinctCount(long lower, long estimate, long upper) {

    /** No ids. */
    public static final DistinctCount ZERO = new DistinctCount(0, 0, 0);
}

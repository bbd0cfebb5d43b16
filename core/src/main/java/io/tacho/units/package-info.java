// SPDX-License-Identifier: Apache-2.0
/**
 * Parsing and printing of durations, byte sizes, percentages and counts: {@link io.tacho.units.Quantity} has the one table
 * of units. Uses nothing else of Tacho.
 */
@NullMarked
package io.tacho.units;

import org.jspecify.annotations.NullMarked;

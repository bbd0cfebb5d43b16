// SPDX-License-Identifier: Apache-2.0
/**
 * Durations, byte sizes, percentages and counts as text. Uses nothing else of Tacho.
 *
 * <p>Data flow: text of a setting or a threshold → {@code Quantity}, which has the one table of units, or {@code Durations} → number,
 * and back to text for logs, alerts and displays.
 */
@NullMarked
package io.tacho.units;

import org.jspecify.annotations.NullMarked;

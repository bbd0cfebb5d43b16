// SPDX-License-Identifier: Apache-2.0
/**
 * Values that can be merged over the nodes of a cluster: histograms of durations and sketches of distinct ids.
 *
 * <p>Data flow: durations → {@code DurationHistogram} → bytes in a beat → merged histogram → quantiles. Ids → {@code
 * HyperLogLog} → bytes in a beat → merged sketch → {@code DistinctCount} with error bounds.
 *
 * <p>Values are immutable and decoded at most once.
 */
@NullMarked
package io.tacho.sketch;

import org.jspecify.annotations.NullMarked;

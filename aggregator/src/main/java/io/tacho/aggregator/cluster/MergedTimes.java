// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.cluster;

import io.tacho.sketch.DurationHistogram;

/**
 * The response times of the last windows of all nodes that ship histograms.
 *
 * @param nodes how many nodes these are
 * @param histogram their histograms, merged
 */
public record MergedTimes(int nodes, DurationHistogram histogram) {

    /** {@return that quantile in nanoseconds} */
    public long quantile(Quantile quantile) {
        return histogram.quantile(quantile.share());
    }
}

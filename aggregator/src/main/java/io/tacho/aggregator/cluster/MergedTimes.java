// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.cluster;

import io.tacho.sketch.DurationHistogram;

/**
 * The merged response times of the last windows of all nodes that publish histograms.
 *
 * @param nodes the number of these nodes
 * @param histogram their merged histogram
 */
public record MergedTimes(int nodes, DurationHistogram histogram) {

    /** {@return a quantile of the response times, in nanoseconds} */
    public long quantile(Quantile quantile) {
        return histogram.quantile(quantile.share());
    }
}

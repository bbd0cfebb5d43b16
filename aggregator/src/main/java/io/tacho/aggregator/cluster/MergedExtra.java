// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.cluster;

import io.tacho.sketch.DurationHistogram;
import org.jspecify.annotations.Nullable;

/**
 * An extra value of all nodes that report it, merged by its rule.
 *
 * @param kind as the nodes report it
 * @param rule by which the values are merged
 * @param nodes how many nodes report it
 * @param value the merged value; 0 for durations
 * @param durations the merged durations; null unless the rule is a histogram
 */
public record MergedExtra(
        String kind,
        String rule,
        int nodes,
        long value,
        @Nullable DurationHistogram durations) {}

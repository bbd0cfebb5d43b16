// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.scrape;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What is new in one series of a histogram between two scrapes.
 *
 * @param cumulative new observations up to each bound, seconds
 * @param sum of the new observations, seconds
 */
record HistogramIncrease(NavigableMap<Double, Double> cumulative, double sum) {

    /** A bucket with new observations, which are above {@code low} and at most {@code high}, seconds. */
    record Bucket(double low, double high, long count) {

        double width() {
            return high - low;
        }
    }

    /** Returns the same observations in another unit. */
    HistogramIncrease scaled(double factor) {
        NavigableMap<Double, Double> scaled = new TreeMap<>();
        cumulative.forEach((bound, count) -> scaled.put(bound * factor, count));
        return new HistogramIncrease(scaled, sum * factor);
    }

    /**
     * Returns the buckets in use, ascending. The highest one ends where its longest observation ends at the latest: at its own
     * bound, or if all others are as short as their buckets allow and the rest of the sum is left for it.
     */
    List<Bucket> buckets() {
        List<Bucket> buckets = new ArrayList<>();
        double low = 0;
        double below = 0;
        double least = 0;
        for (Map.Entry<Double, Double> bound : cumulative.entrySet()) {
            long count = Math.round(bound.getValue() - below);
            if (count > 0) {
                buckets.add(new Bucket(low, bound.getKey(), count));
                least += count * low;
            }
            below = Math.max(below, bound.getValue());
            low = Math.max(low, bound.getKey());
        }
        if (!buckets.isEmpty()) {
            Bucket last = buckets.remove(buckets.size() - 1);
            double high = Math.min(last.high(), last.low() + Math.max(0, sum - least));
            buckets.add(new Bucket(last.low(), high, last.count()));
        }
        return buckets;
    }
}

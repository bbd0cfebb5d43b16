// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.otlp;

import io.tacho.agent.source.scrape.Labels;
import io.tacho.agent.source.scrape.Scrape;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One series: a number, or a histogram. A delta is added to what was there.
 *
 * <p>The scale of exponential deltas, and so the bounds of their buckets, may change with every export. They are added up in buckets
 * that grow by 2.2 %, so that there is a limited number of them.
 */
final class OtlpSeries {

    /** Beyond this a histogram starts anew. */
    static final int MAX_BUCKETS = 4_096;

    private static final double BUCKETS_PER_DOUBLING = 32;

    private double value;
    private double count;
    /** New observations by the upper bound of their bucket; null unless it is a histogram. */
    private @Nullable NavigableMap<Double, Double> buckets;

    private boolean isExponential;

    void setNumber(double number, boolean isDelta) {
        value = isDelta ? value + number : number;
    }

    /** Sets a summary: a count and a sum. */
    void setHistogram(
            double newCount,
            double sum,
            NavigableMap<Double, Double> bucketCounts,
            boolean exponential,
            boolean isDelta) {
        NavigableMap<Double, Double> known = buckets;
        isExponential = exponential;
        if (isDelta && known != null && known.size() <= MAX_BUCKETS) {
            count += newCount;
            value += sum;
            bucketCounts.forEach(
                    (bound, added) -> known.merge(exponential ? sumBound(bound) : bound, added, Double::sum));
        } else if (isDelta && exponential) {
            count = newCount;
            value = sum;
            NavigableMap<Double, Double> sums = new TreeMap<>();
            bucketCounts.forEach((bound, added) -> sums.merge(sumBound(bound), added, Double::sum));
            buckets = sums;
        } else {
            count = newCount;
            value = sum;
            buckets = bucketCounts;
        }
    }

    /** Returns the upper bound of the bucket in which the observations up to a bound are added up. */
    private static double sumBound(double bound) {
        return bound <= 0 || Double.isInfinite(bound)
                ? bound
                : Math.pow(2, Math.ceil(BUCKETS_PER_DOUBLING * Math.log(bound) / Math.log(2)) / BUCKETS_PER_DOUBLING);
    }

    /** Returns new observations by the upper bound of their bucket; empty unless it is a histogram. */
    NavigableMap<Double, Double> buckets() {
        return buckets == null ? Collections.emptyNavigableMap() : Collections.unmodifiableNavigableMap(buckets);
    }

    double value() {
        return value;
    }

    /** Writes the samples that a scrape of the program would have. */
    void write(Scrape.Builder scrape, String name, Map<String, String> labels) {
        Labels series = Labels.of(labels);
        if (buckets == null) {
            scrape.add(name, series, value);
            return;
        }
        scrape.add(name + "_count", series, count);
        scrape.add(name + "_sum", series, value);
        NavigableMap<Double, Double> cumulative = new TreeMap<>();
        double below = 0;
        for (Map.Entry<Double, Double> bucket : buckets.entrySet()) {
            below += bucket.getValue();
            cumulative.put(bucket.getKey(), below);
        }
        if (isExponential) {
            cumulative.put(Double.POSITIVE_INFINITY, count);
            scrape.addNative(name, series, cumulative);
            return;
        }
        cumulative.forEach((bound, counted) -> {
            Map<String, String> bucket = new TreeMap<>(labels);
            bucket.put("le", bound == Double.POSITIVE_INFINITY ? "+Inf" : Double.toString(bound));
            scrape.add(name + "_bucket", Labels.of(bucket), counted);
        });
    }
}

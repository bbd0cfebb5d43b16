// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.scrape;

import io.tacho.sketch.DurationHistogram;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * The increase of counters between two scrapes. It is computed series by series, so that a series that is new, or was reset,
 * counts from zero and takes nothing from the others.
 *
 * @param before the earlier scrape
 * @param now the later one
 */
public record Increase(Scrape before, Scrape now) {

    /** {@return the increase of a counter over all matching label sets} */
    public double of(String name, Predicate<Labels> labels) {
        if (before.isUnreadable(name) || now.isUnreadable(name)) {
            return 0;
        }
        double sum = 0;
        for (Map.Entry<Labels, Double> series : now.own(name).entrySet()) {
            if (labels.test(series.getKey())) {
                sum += grown(name, series.getKey(), series.getValue());
            }
        }
        return sum;
    }

    /** {@return the increase of a counter over all label sets} */
    public double of(String name) {
        return of(name, labels -> true);
    }

    /** {@return the change of a counter over the matching label sets that both scrapes have; empty if there are none} */
    public OptionalDouble ofCommon(String name, Predicate<Labels> labels) {
        Map<Labels, Double> earlier = before.own(name);
        double[] changes = now.own(name).entrySet().stream()
                .filter(series -> labels.test(series.getKey()) && earlier.containsKey(series.getKey()))
                .mapToDouble(series -> series.getValue() - earlier.getOrDefault(series.getKey(), 0.0))
                .filter(Double::isFinite)
                .toArray();
        return changes.length == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(DoubleStream.of(changes).sum());
    }

    /** {@return whether the increase of a counter is known: all of its lines can be read} */
    public boolean isComplete(String name, Predicate<Labels> labels) {
        return before.isComplete(name, labels) && now.isComplete(name, labels);
    }

    /** {@return the increase of a counter of the process; empty if it is unknown} */
    public OptionalDouble ofProcess(String name) {
        OptionalDouble last = now.process(name);
        OptionalDouble first = before.process(name);
        return last.isPresent() && first.isPresent() && last.getAsDouble() >= first.getAsDouble()
                ? OptionalDouble.of(last.getAsDouble() - first.getAsDouble())
                : OptionalDouble.empty();
    }

    private double grown(String name, Labels labels, double value) {
        if (!Double.isFinite(value) || value < 0) {
            return 0;
        }
        double from = before.own(name).getOrDefault(labels, 0.0);
        if (!Double.isFinite(from) || from < 0) {
            // unknown: not all that there is
            return 0;
        }
        return from <= value ? value - from : value;
    }

    /** {@return the increase of one series of a counter} */
    public double ofSeries(String name, Labels labels) {
        Double value = now.own(name).get(labels);
        return value == null ? 0 : grown(name, labels, value);
    }

    /**
     * Returns what is new in a histogram, by series.
     *
     * @return without series in which nothing is new, or that have no bucket with a bound
     */
    List<HistogramIncrease> histogram(String name, Predicate<Labels> labels) {
        Map<Labels, NavigableMap<Double, Double>> earlier = before.buckets(name, labels);
        List<HistogramIncrease> increases = new ArrayList<>();
        now.buckets(name, labels).forEach((series, counts) -> {
            NavigableMap<Double, Double> from = earlier.getOrDefault(series, new TreeMap<>());
            boolean reset = !from.isEmpty()
                    && from.lastEntry().getValue() > counts.lastEntry().getValue();
            NavigableMap<Double, Double> grown = grown(reset ? new TreeMap<>() : from, counts);
            // without its buckets, an earlier count does not limit the later ones
            boolean known = from.isEmpty() || Double.isFinite(from.firstKey());
            if (known && Double.isFinite(counts.firstKey()) && grown.lastEntry().getValue() > 0) {
                double sum = reset ? number(now, name + "_sum", series) : ofSeries(name + "_sum", series);
                increases.add(new HistogramIncrease(grown, sum));
            }
        });
        return increases;
    }

    /** {@return the new observations of a histogram of seconds, within its buckets an estimate; null if unknown or none} */
    public @Nullable DurationHistogram durations(String name, Predicate<Labels> labels) {
        return durations(name, labels, 1);
    }

    /**
     * Returns the new observations of a histogram, within its buckets an estimate.
     *
     * @param factor by which they are multiplied, to be seconds
     * @return null if there are none, or a bucket is unreadable: without one, earlier observations would count as new
     */
    public @Nullable DurationHistogram durations(String name, Predicate<Labels> labels, double factor) {
        if (!isComplete(name + Scrape.BUCKET, labels)) {
            return null;
        }
        return HistogramEstimate.of(histogram(name, labels), factor);
    }

    private static double number(Scrape scrape, String name, Labels series) {
        double value = scrape.own(name).getOrDefault(series, 0.0);
        return Double.isFinite(value) && value >= 0 ? value : 0;
    }

    /**
     * Returns the increase of cumulative counts. A bound that was not there had the count of the next lower one: native
     * histograms omit empty buckets, and the bounds of a lower resolution are among those of a higher one.
     */
    private static NavigableMap<Double, Double> grown(
            NavigableMap<Double, Double> from, NavigableMap<Double, Double> to) {
        NavigableMap<Double, Double> grown = new TreeMap<>();
        double highest = 0;
        for (Map.Entry<Double, Double> bucket : to.entrySet()) {
            Map.Entry<Double, Double> before = from.floorEntry(bucket.getKey());
            highest = Math.max(highest, bucket.getValue() - (before == null ? 0 : before.getValue()));
            grown.put(bucket.getKey(), highest);
        }
        return grown;
    }

    /** {@return the highest value of a summary's quantile, among the series in which something is new} */
    public OptionalDouble highestQuantile(String summary, String quantile, Predicate<Labels> labels) {
        return now.own(summary).entrySet().stream()
                .filter(series -> quantile.equals(series.getKey().get("quantile")) && labels.test(series.getKey()))
                .filter(series -> ofSeries(summary + "_count", series.getKey().without("quantile")) > 0)
                .mapToDouble(Map.Entry::getValue)
                .filter(Double::isFinite)
                .max();
    }
}

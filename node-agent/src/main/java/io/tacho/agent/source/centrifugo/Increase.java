// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The increase of counters between two scrapes. It is computed series by series, so that a series that is new, or was reset,
 * counts from zero and takes nothing from the others.
 */
record Increase(Scrape before, Scrape now) {

    private static final String UPPER_BOUND = "le";

    /** Returns the increase of a counter over all matching label sets. */
    double of(String name, Predicate<Labels> labels) {
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

    /** Returns whether the increase of a counter is known: all of its lines can be read. */
    boolean isComplete(String name, Predicate<Labels> labels) {
        return before.isComplete(name, labels) && now.isComplete(name, labels);
    }

    double of(String name) {
        return of(name, labels -> true);
    }

    /** Returns the increase of a counter of the process. */
    OptionalDouble ofProcess(String name) {
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

    /**
     * The upper bound of the highest bucket of a histogram that something new fell into; of the last bucket, which has none,
     * what all that is new in the series took together.
     *
     * @return 0 if there is nothing new; empty if the histogram has no buckets
     */
    OptionalDouble highestBound(String histogram, Predicate<Labels> labels) {
        Map<Labels, TreeMap<Double, Double>> grownByBound = new HashMap<>();
        boolean hasBuckets = false;
        for (Map.Entry<Labels, Double> bucket : now.own(histogram + "_bucket").entrySet()) {
            double bound = bound(bucket.getKey());
            if (Double.isNaN(bound) || !labels.test(bucket.getKey())) {
                continue;
            }
            hasBuckets |= Double.isFinite(bound);
            grownByBound
                    .computeIfAbsent(bucket.getKey().without(UPPER_BOUND), key -> new TreeMap<>())
                    .put(bound, grown(histogram + "_bucket", bucket.getKey(), bucket.getValue()));
        }
        double highest = 0;
        for (Map.Entry<Labels, TreeMap<Double, Double>> series : grownByBound.entrySet()) {
            highest = Math.max(highest, highestBound(histogram, series.getKey(), series.getValue()));
        }
        return hasBuckets ? OptionalDouble.of(highest) : OptionalDouble.empty();
    }

    /** Buckets are cumulative: something fell into one if it grew more than the one below. */
    private double highestBound(String histogram, Labels series, TreeMap<Double, Double> grown) {
        double below = 0;
        double lastFinite = 0;
        double highest = 0;
        for (Map.Entry<Double, Double> bucket : grown.entrySet()) {
            double bound = bucket.getKey();
            if (bucket.getValue() > below) {
                highest = Double.isFinite(bound) ? bound : Math.max(lastFinite, took(histogram, series));
            }
            below = Math.max(below, bucket.getValue());
            lastFinite = Double.isFinite(bound) ? bound : lastFinite;
        }
        return highest;
    }

    private double took(String histogram, Labels series) {
        return ofSeries(histogram + "_sum", series);
    }

    private double ofSeries(String name, Labels labels) {
        Double value = now.own(name).get(labels);
        return value == null ? 0 : grown(name, labels, value);
    }

    private static double bound(Labels labels) {
        String bound = labels.get(UPPER_BOUND);
        if (bound == null) {
            return Double.NaN;
        }
        try {
            return bound.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(bound);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    /** The highest value of a summary's quantile, among the series in which there is something new. */
    OptionalDouble highestQuantile(String summary, String quantile, Predicate<Labels> labels) {
        return now.own(summary).entrySet().stream()
                .filter(series -> quantile.equals(series.getKey().get("quantile")) && labels.test(series.getKey()))
                .filter(series -> ofSeries(summary + "_count", series.getKey().without("quantile")) > 0)
                .mapToDouble(Map.Entry::getValue)
                .filter(Double::isFinite)
                .max();
    }
}

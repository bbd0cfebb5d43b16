// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.scrape;

import io.tacho.model.NodeSnapshot;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of one response. Those of the program itself are looked up without its prefix.
 *
 * <p>Thread safety: immutable.
 */
public final class Scrape {

    private static final String OPEN_METRICS_COUNTER = "_total";
    private static final String NANOSECONDS = "_ns_total";
    static final String BUCKET = "_bucket";
    private static final String UPPER_BOUND = "le";

    private final String prefix;
    private final Map<String, Map<Labels, Double>> series;
    private final Map<String, Map<Labels, NavigableMap<Double, Double>>> nativeHistograms;
    private final Set<String> unreadable;
    private final Set<String> incomplete;
    private final int malformed;
    private final int duplicates;

    private Scrape(Builder builder) {
        prefix = builder.form.prefix();
        series = builder.series;
        nativeHistograms = builder.nativeHistograms;
        unreadable = builder.unreadable;
        incomplete = builder.incomplete;
        malformed = builder.malformed;
        duplicates = builder.duplicates;
    }

    /**
     * Parses a response. Malformed lines and duplicates are counted and ignored.
     *
     * @throws IllegalArgumentException if these are not the metrics of the program
     */
    static Scrape parse(Exposition exposition, ScrapeForm form) {
        Builder builder = new Builder(form);
        if (exposition.format() == Exposition.Format.PROTOBUF) {
            MetricsProtobuf.parse(exposition.body(), builder);
        } else if (MetricsJson.isJson(exposition.text())) {
            MetricsJson.parse(exposition.text(), builder);
        } else {
            parse(exposition.text(), builder);
        }
        if (!form.required().isEmpty()
                && form.required().stream().noneMatch(name -> builder.series.containsKey(form.prefix() + name))) {
            throw new IllegalArgumentException("response with " + builder.lines + " lines, none of them "
                    + form.prefix() + form.required().get(0) + " (expected: the metrics of " + form.program() + ")");
        }
        return new Scrape(builder);
    }

    private static void parse(String text, Builder builder) {
        (text.startsWith("\uFEFF") ? text.substring(1) : text)
                .lines()
                .filter(line -> !MetricsText.isSilent(line))
                .forEach(line -> {
                    MetricsText.Sample sample = MetricsText.parse(line);
                    if (sample == null) {
                        builder.addMalformed(MetricsText.nameOfMalformed(line));
                    } else {
                        builder.add(sample.name(), sample.labels(), sample.value());
                    }
                });
    }

    /** Returns a builder for the metrics of a form. */
    public static Builder builder(ScrapeForm form) {
        return new Builder(form);
    }

    /** Collects the samples of a response. */
    public static final class Builder {

        private final ScrapeForm form;
        private final Map<String, Map<Labels, Double>> series = new HashMap<>();
        private final Map<String, Map<Labels, NavigableMap<Double, Double>>> nativeHistograms = new HashMap<>();
        private final Set<String> unreadable = new HashSet<>();
        private final Set<String> incomplete = new HashSet<>();
        private int lines;
        private int malformed;
        private int duplicates;

        private Builder(ScrapeForm form) {
            this.form = form;
        }

        boolean wants(String name) {
            return form.wants(name);
        }

        /** Adds a sample, unless the form does not contain its name. */
        public void add(String name, Labels labels, double value) {
            lines++;
            if (wants(name)
                    && series.computeIfAbsent(plain(name), first -> new HashMap<>())
                                    .putIfAbsent(labels, bounded(name, value))
                            != null) {
                duplicates++;
            }
        }

        /** Adds a native histogram: cumulative counts by the upper bounds of its buckets. */
        public void addNative(String name, Labels labels, NavigableMap<Double, Double> cumulative) {
            nativeHistograms.computeIfAbsent(name, first -> new HashMap<>()).putIfAbsent(labels, cumulative);
        }

        /** Records that some series of a metric are missing, so that its sum is lower than it should be. */
        public void addIncomplete(String name) {
            incomplete.add(name);
        }

        /** {@return the metrics} */
        public Scrape build() {
            return new Scrape(this);
        }

        private void addMalformed(@Nullable String name) {
            lines++;
            malformed++;
            if (name != null) {
                unreadable.add(plain(name));
            }
        }

        /** Returns the name of one of the program's metrics without the suffix that OpenMetrics adds to counters. */
        private String plain(String name) {
            return !form.prefix().isEmpty() && name.startsWith(form.prefix()) && name.endsWith(OPEN_METRICS_COUNTER)
                    ? name.substring(0, name.length() - OPEN_METRICS_COUNTER.length())
                    : name;
        }

        /**
         * Returns a value; beyond the bounds of a field infinity, which counts as no number. The nanoseconds of a busy process
         * pass these bounds within weeks.
         */
        private static double bounded(String name, double value) {
            return value > NodeSnapshot.MAX_VALUE && !name.endsWith(NANOSECONDS) ? Double.POSITIVE_INFINITY : value;
        }
    }

    /** {@return whether all series of a metric of the program are there} */
    public boolean hasAllSeries(String name) {
        return !incomplete.contains(prefix + name);
    }

    /** {@return whether some lines of a metric of the program were malformed: then its sum is unknown} */
    public boolean isUnreadable(String name) {
        return unreadable.contains(prefix + name);
    }

    /** {@return whether all lines of a metric of the program that match have a number} */
    public boolean isComplete(String name, Predicate<Labels> labels) {
        return !isUnreadable(name)
                && own(name).entrySet().stream()
                        .filter(entry -> labels.test(entry.getKey()))
                        .allMatch(entry -> Double.isFinite(entry.getValue()) && entry.getValue() >= 0);
    }

    /** {@return how many lines were left out} */
    int malformed() {
        return malformed;
    }

    /** {@return how many samples occurred before} */
    int duplicates() {
        return duplicates;
    }

    /** {@return all series of a metric of the program, by their labels; empty if there are none} */
    public Map<Labels, Double> own(String name) {
        return series.getOrDefault(prefix + name, Map.of());
    }

    /** {@return whether there are series of a metric of the program} */
    public boolean has(String name) {
        return !own(name).isEmpty();
    }

    /** {@return the sum over all label sets that match, of a metric of the program; empty if none has a number} */
    public OptionalDouble sum(String name, Predicate<Labels> labels) {
        return isUnreadable(name) ? OptionalDouble.empty() : sum(own(name), labels);
    }

    /** {@return the sum over all label sets of a metric of the program; empty if none has a number} */
    public OptionalDouble sum(String name) {
        return sum(name, labels -> true);
    }

    /** {@return the sum of a metric of the runtime or the process; empty if there is none} */
    public OptionalDouble process(String name) {
        return unreadable.contains(name)
                ? OptionalDouble.empty()
                : sum(series.getOrDefault(name, Map.of()), labels -> true);
    }

    private static OptionalDouble sum(Map<Labels, Double> values, Predicate<Labels> labels) {
        double[] finite = values.entrySet().stream()
                .filter(entry -> labels.test(entry.getKey()))
                .mapToDouble(Map.Entry::getValue)
                .filter(value -> Double.isFinite(value) && value >= 0)
                .toArray();
        if (finite.length == 0) {
            return OptionalDouble.empty();
        }
        double sum = 0;
        for (double value : finite) {
            sum += value;
        }
        return OptionalDouble.of(sum);
    }

    /** {@return the value of a label of the metric's first series; null if there is none} */
    public @Nullable String label(String name, String label) {
        return own(name).keySet().stream()
                .map(labels -> labels.get(label))
                .findFirst()
                .orElse(null);
    }

    /**
     * Returns the buckets of a histogram of the program: for each series the cumulative counts by upper bound. A native
     * histogram precedes the classic one of the same series.
     */
    Map<Labels, NavigableMap<Double, Double>> buckets(String name, Predicate<Labels> labels) {
        Map<Labels, NavigableMap<Double, Double>> all = new HashMap<>();
        own(name + BUCKET).forEach((bucket, count) -> {
            double bound = bound(bucket.get(UPPER_BOUND));
            if (!Double.isNaN(bound) && Double.isFinite(count) && count >= 0 && labels.test(bucket)) {
                all.computeIfAbsent(bucket.without(UPPER_BOUND), series -> new TreeMap<>())
                        .put(bound, count);
            }
        });
        nativeHistograms.getOrDefault(prefix + name, Map.of()).forEach((series, cumulative) -> {
            if (labels.test(series)) {
                all.put(series, cumulative);
            }
        });
        return all;
    }

    private static double bound(@Nullable String bound) {
        if (bound == null) {
            return Double.NaN;
        }
        try {
            return bound.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(bound);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    /** Returns whether a histogram has only the bucket without a bound: the text of a native histogram looks like this. */
    boolean lacksBuckets() {
        return series.entrySet().stream()
                .filter(metric -> metric.getKey().endsWith(BUCKET))
                .anyMatch(metric ->
                        metric.getValue().keySet().stream().allMatch(labels -> "+Inf".equals(labels.get(UPPER_BOUND))));
    }
}

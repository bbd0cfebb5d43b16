// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo;

import io.tacho.agent.source.centrifugo.MetricsText.Sample;
import io.tacho.model.NodeSnapshot;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One response of {@code /metrics}. Centrifugo's own metrics are looked up without the prefix {@code centrifugo_}.
 *
 * <p>Thread safety: immutable.
 */
final class Scrape {

    private static final String PREFIX = "centrifugo_";
    private static final String OPEN_METRICS_COUNTER = "_total";

    /** Names of which every version of Centrifugo has at least one. */
    private static final List<String> REQUIRED =
            List.of("node_num_clients", "node_build", "client_connections_inflight");

    /** The prefixes of the names that are kept. */
    private static final List<String> WANTED = List.of(
            PREFIX + "node_",
            PREFIX + "client_connections_inflight",
            PREFIX + "client_command_duration_seconds",
            PREFIX + "api_command_duration_seconds",
            PREFIX + "transport_messages_",
            "go_goroutines",
            "go_sched_gomaxprocs_threads",
            "go_memstats_sys_bytes",
            "process_cpu_seconds_total",
            "process_start_time_seconds");

    private final Map<String, Map<Labels, Double>> series;
    private final Set<String> unreadable;
    private final int malformed;
    private final int duplicates;

    private Scrape(Map<String, Map<Labels, Double>> series, Set<String> unreadable, int malformed, int duplicates) {
        this.series = series;
        this.unreadable = unreadable;
        this.malformed = malformed;
        this.duplicates = duplicates;
    }

    /**
     * Parses a response. Malformed lines and duplicates are counted and ignored.
     *
     * @throws IllegalArgumentException if these are not a Centrifugo's metrics
     */
    static Scrape parse(String text) {
        Map<String, Map<Labels, Double>> series = new HashMap<>();
        Set<String> unreadable = new HashSet<>();
        int[] bad = new int[2];
        int[] all = new int[1];
        withoutByteOrderMark(text)
                .lines()
                .filter(line -> !MetricsText.isSilent(line))
                .forEach(line -> {
                    Sample sample = MetricsText.parse(line);
                    all[0]++;
                    if (sample == null) {
                        bad[0]++;
                        String name = MetricsText.nameOfMalformed(line);
                        if (name != null) {
                            unreadable.add(plain(name));
                        }
                    } else if (WANTED.stream().noneMatch(sample.name()::startsWith)) {
                        return;
                    } else if (series.computeIfAbsent(plain(sample.name()), name -> new HashMap<>())
                                    .putIfAbsent(sample.labels(), bounded(sample.value()))
                            != null) {
                        bad[1]++;
                    }
                });
        if (REQUIRED.stream().noneMatch(name -> series.containsKey(PREFIX + name))) {
            throw new IllegalArgumentException("response with " + all[0] + " lines, none of them " + PREFIX
                    + REQUIRED.get(0) + " (expected: the metrics of a Centrifugo, v3 to v6)");
        }
        return new Scrape(series, unreadable, bad[0], bad[1]);
    }

    private static String withoutByteOrderMark(String text) {
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /** Returns the name of a Centrifugo metric without the suffix that OpenMetrics adds to counters. */
    private static String plain(String name) {
        return name.startsWith(PREFIX) && name.endsWith(OPEN_METRICS_COUNTER)
                ? name.substring(0, name.length() - OPEN_METRICS_COUNTER.length())
                : name;
    }

    /** Returns a value; beyond the bounds of a field infinity, which counts as no number. */
    private static double bounded(double value) {
        return value > NodeSnapshot.MAX_VALUE ? Double.POSITIVE_INFINITY : value;
    }

    /** Returns whether some lines of a Centrifugo metric were malformed: then its sum is unknown. */
    boolean isUnreadable(String name) {
        return unreadable.contains(PREFIX + name);
    }

    /** Returns whether all lines of a Centrifugo metric that match have a number. */
    boolean isComplete(String name, Predicate<Labels> labels) {
        return !isUnreadable(name)
                && own(name).entrySet().stream()
                        .filter(entry -> labels.test(entry.getKey()))
                        .allMatch(entry -> Double.isFinite(entry.getValue()) && entry.getValue() >= 0);
    }

    /** Lines that were left out. */
    int malformed() {
        return malformed;
    }

    /** Samples that were there before. */
    int duplicates() {
        return duplicates;
    }

    /** Returns all series of a Centrifugo metric, by their labels; empty where there are none. */
    Map<Labels, Double> own(String name) {
        return series.getOrDefault(PREFIX + name, Map.of());
    }

    boolean has(String name) {
        return !own(name).isEmpty();
    }

    /** Returns the sum over all label sets that match, of a Centrifugo metric; empty where there are none with a number. */
    OptionalDouble sum(String name, Predicate<Labels> labels) {
        return isUnreadable(name) ? OptionalDouble.empty() : sum(own(name), labels);
    }

    OptionalDouble sum(String name) {
        return sum(name, labels -> true);
    }

    /** Returns a metric of the Go runtime or the process. */
    OptionalDouble process(String name) {
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

    /** Returns the value of a label of the metric's first series; null where there is none. */
    @Nullable
    String label(String name, String label) {
        return own(name).keySet().stream()
                .map(labels -> labels.get(label))
                .findFirst()
                .orElse(null);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.model.period;

import io.tacho.model.Field;
import io.tacho.model.RequestKind;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.Encoded;
import io.tacho.sketch.HyperLogLog;
import java.math.BigInteger;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of the cluster in a period. Its size does not depend on the number of nodes.
 *
 * @param numbers exact numbers by the names of {@link SummaryNumbers}; one that is missing is 0
 * @param secondsByNodes for how many seconds there was each number of nodes; at most {@value #MAX_NODE_COUNTS} numbers, then the
 *     closest two are one, the lower of them
 * @param peaks the largest values, with their times
 * @param timeApi histogram of the server API response times; null if there is none
 * @param timeClient histogram of the client API response times; null if there is none
 * @param users sketch of the distinct users; null if no node ships one
 * @param channels sketch of the distinct channels; null if no node ships one
 */
public record PeriodSummary(
        SortedMap<String, BigInteger> numbers,
        SortedMap<Long, Long> secondsByNodes,
        Map<Field, Peak> peaks,
        @Nullable Encoded<DurationHistogram> timeApi,
        @Nullable Encoded<DurationHistogram> timeClient,
        @Nullable Encoded<HyperLogLog> users,
        @Nullable Encoded<HyperLogLog> channels) {

    static final int MAX_NODE_COUNTS = 64;

    /** Nothing happened. */
    public static final PeriodSummary EMPTY =
            new PeriodSummary(new TreeMap<>(), new TreeMap<>(), Map.of(), null, null, null, null);

    /** Copies the maps. */
    public PeriodSummary {
        numbers = Collections.unmodifiableSortedMap(new TreeMap<>(numbers));
        secondsByNodes = Collections.unmodifiableSortedMap(limited(new TreeMap<>(secondsByNodes)));
        peaks = peaks.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(peaks));
    }

    private static TreeMap<Long, Long> limited(TreeMap<Long, Long> secondsByNodes) {
        while (secondsByNodes.size() > MAX_NODE_COUNTS) {
            long closest = secondsByNodes.lastKey();
            long distance = Long.MAX_VALUE;
            for (long nodes :
                    secondsByNodes.tailMap(secondsByNodes.firstKey(), false).keySet()) {
                long below = secondsByNodes.lowerKey(nodes);
                if (nodes - below < distance) {
                    distance = nodes - below;
                    closest = nodes;
                }
            }
            long seconds = secondsByNodes.remove(closest);
            secondsByNodes.merge(secondsByNodes.lowerKey(closest), seconds, Long::sum);
        }
        return secondsByNodes;
    }

    /** {@return the number with a name of {@link SummaryNumbers}} */
    public BigInteger number(String name) {
        return numbers.getOrDefault(name, BigInteger.ZERO);
    }

    /** {@return the number of windows of nodes; of two summaries of a period the one with more of them is the later one} */
    public long nodeWindows() {
        return number(SummaryNumbers.NODE_WINDOWS).longValue();
    }

    /** {@return the seconds that windows cover} */
    public long coveredSeconds() {
        return number(SummaryNumbers.SECONDS).longValue();
    }

    /** {@return the seconds in which there were at least that number of nodes} */
    public long secondsWith(long nodes) {
        return secondsByNodes.tailMap(nodes).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** {@return the histogram of the response times of that kind; null if there is none} */
    public @Nullable Encoded<DurationHistogram> times(RequestKind requests) {
        return requests == RequestKind.API ? timeApi : timeClient;
    }

    /** Merges the summaries of different periods, or of the nodes of different partitions. */
    public static PeriodSummary merge(Collection<PeriodSummary> summaries) {
        if (summaries.isEmpty()) {
            return EMPTY;
        }
        if (summaries.size() == 1) {
            return summaries.iterator().next();
        }
        SortedMap<String, BigInteger> numbers = new TreeMap<>();
        SortedMap<Long, Long> secondsByNodes = new TreeMap<>();
        Map<Field, Peak> peaks = new EnumMap<>(Field.class);
        for (PeriodSummary summary : summaries) {
            summary.numbers.forEach((name, value) -> numbers.merge(name, value, SummaryNumbers.rule(name)));
            summary.secondsByNodes.forEach((nodes, seconds) -> secondsByNodes.merge(nodes, seconds, Long::sum));
            summary.peaks.forEach((field, peak) -> peaks.merge(field, peak, Peak::larger));
        }
        return new PeriodSummary(
                numbers,
                secondsByNodes,
                peaks,
                histogram(summaries, PeriodSummary::timeApi),
                histogram(summaries, PeriodSummary::timeClient),
                sketch(summaries, PeriodSummary::users),
                sketch(summaries, PeriodSummary::channels));
    }

    /** {@return the merged histogram of those that are readable; null if there is none} */
    static <T> @Nullable Encoded<DurationHistogram> histogram(
            Collection<T> parts, Function<T, @Nullable Encoded<DurationHistogram>> of) {
        // most periods of a year may have none, and buckets are kilobytes
        DurationHistogram.Merger merger = null;
        for (T part : parts) {
            Encoded<DurationHistogram> encoded = of.apply(part);
            if (encoded != null) {
                merger = merger == null ? new DurationHistogram.Merger() : merger;
                encoded.decodeIfReadable().ifPresent(merger::add);
            }
        }
        return merger == null ? null : merger.merged().encoded();
    }

    /** {@return the union of those sketches that are readable; null if there is none} */
    static <T> @Nullable Encoded<HyperLogLog> sketch(
            Collection<T> parts, Function<T, @Nullable Encoded<HyperLogLog>> of) {
        HyperLogLog.Builder union = null;
        for (T part : parts) {
            Encoded<HyperLogLog> encoded = of.apply(part);
            Optional<HyperLogLog> sketch = encoded == null ? Optional.empty() : encoded.decodeIfReadable();
            if (sketch.isPresent()) {
                union = union == null ? new HyperLogLog.Builder() : union;
                union.add(sketch.get());
            }
        }
        return union == null ? null : union.build().encoded();
    }
}

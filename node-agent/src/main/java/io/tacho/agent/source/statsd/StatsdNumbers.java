// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.statsd;

import io.tacho.agent.record.IntervalRecorder;
import io.tacho.agent.record.RecordedInterval;
import io.tacho.agent.source.SnapshotBuilder;
import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeTotals;
import io.tacho.model.Quality;
import io.tacho.model.RequestKind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The numbers received by StatsD: durations go to the recorder; counters, gauges and sets are stored here. A value that would
 * lead a number of the window out of its bounds is rejected, so that no later value is affected.
 *
 * <p>Thread safety: safe.
 */
final class StatsdNumbers {

    private static final double NANOS_PER_MILLI = 1e6;

    /** The largest sum of durations in one window, nanoseconds; far from the overflow of a long. */
    private static final double MAX_TIME_SUM = 0x1p62;

    /** The largest number of requests in one window that sampled ones stand for: the counts of a histogram have 32 bits. */
    private static final double MAX_REQUESTS = 0x1p30;

    private final IntervalRecorder recorder;
    private final StatsdExtras extras = new StatsdExtras();
    private final Map<Field, StatsdCounter> counters = new EnumMap<>(Field.class);
    private final Map<Field, Double> gauges = new EnumMap<>(Field.class);
    private final Map<Field, StatsdSet> sets = new EnumMap<>(Field.class);
    private final Map<Field, Long> lastSets = new EnumMap<>(Field.class);
    private final Map<RequestKind, Double> timeSums = new EnumMap<>(RequestKind.class);
    private final Map<RequestKind, Double> requestSums = new EnumMap<>(RequestKind.class);
    /** The part of a request that sampled ones stand for and that is not recorded yet. */
    private final Map<RequestKind, Double> fractions = new EnumMap<>(RequestKind.class);

    private final Set<Field> received = EnumSet.noneOf(Field.class);
    private final Set<Field> sampled = EnumSet.noneOf(Field.class);

    StatsdNumbers(IntervalRecorder recorder) {
        this.recorder = recorder;
        for (Field field : Field.NUMBERS) {
            if (field.kind() == Field.Kind.COUNTER) {
                counters.put(field, new StatsdCounter());
            }
        }
    }

    /** Adds all values of a line to a field, or none if one of them is invalid. */
    synchronized void add(Field field, StatsdLine line) throws Rejected {
        switch (line.type()) {
            case COUNTER -> count(field, line);
            case TIMER -> time(field == RequestKind.API.mean() ? RequestKind.API : RequestKind.CLIENT, line);
            case GAUGE -> gauge(field, line);
            case SET -> addToSet(field, line);
        }
        received.add(field);
        if (line.rate() < 1) {
            sampled.add(field);
        }
    }

    private void count(Field field, StatsdLine line) throws Rejected {
        double sum = 0;
        for (String value : line.values()) {
            sum += StatsdLine.number(value, Rejected.Reason.BAD_VALUE) / line.rate();
        }
        counter(field).add(sum);
    }

    private StatsdCounter counter(Field field) {
        return Objects.requireNonNull(counters.get(field), field::wireName);
    }

    private void time(RequestKind requests, StatsdLine line) throws Rejected {
        List<Long> durations = new ArrayList<>(line.values().size());
        // a sampled request stands for requests that were not sent
        double weight = 1 / line.rate();
        double sum = timeSums.getOrDefault(requests, 0.0);
        for (String value : line.values()) {
            double nanos = bounded(StatsdLine.number(value, Rejected.Reason.BAD_VALUE) * NANOS_PER_MILLI);
            if (nanos < 0) {
                throw new Rejected(Rejected.Reason.BAD_VALUE);
            }
            sum += nanos * weight;
            durations.add(Math.round(nanos));
        }
        double count = requestSums.getOrDefault(requests, 0.0) + durations.size() * weight;
        if (sum > MAX_TIME_SUM || count > MAX_REQUESTS) {
            throw new Rejected(Rejected.Reason.TOO_LARGE);
        }
        timeSums.put(requests, sum);
        requestSums.put(requests, count);
        double due = fractions.getOrDefault(requests, 0.0);
        for (long nanos : durations) {
            due += weight;
            recorder.requests(requests, nanos, (int) due);
            due -= (int) due;
        }
        fractions.put(requests, due);
    }

    private static double bounded(double number) throws Rejected {
        if (number > NodeSnapshot.MAX_VALUE) {
            throw new Rejected(Rejected.Reason.TOO_LARGE);
        }
        return number;
    }

    /** Sets a gauge; a value with a sign changes it. */
    private void gauge(Field field, StatsdLine line) throws Rejected {
        double gauge = gauges.getOrDefault(field, 0.0);
        for (String value : line.values()) {
            double number = StatsdLine.number(value, Rejected.Reason.BAD_VALUE);
            boolean change = value.charAt(0) == '+' || value.charAt(0) == '-';
            gauge = bounded(Math.max(0, change ? gauge + number : number));
        }
        gauges.put(field, gauge);
    }

    private void addToSet(Field field, StatsdLine line) {
        line.values().forEach(sets.computeIfAbsent(field, key -> new StatsdSet())::add);
    }

    StatsdExtras extras() {
        return extras;
    }

    /** Ends a window: the next one begins with empty sets. */
    synchronized void endWindow() {
        extras.endWindow();
        sets.forEach((field, values) -> lastSets.put(field, values.size()));
        sets.replaceAll((field, values) -> new StatsdSet());
        counters.values().forEach(StatsdCounter::endWindow);
        timeSums.clear();
        requestSums.clear();
    }

    /** Returns a gauge, or the size of the last window's set; empty if neither was received. */
    synchronized OptionalDouble gauge(Field field) {
        Double gauge = gauges.get(field);
        if (gauge != null) {
            return OptionalDouble.of(gauge);
        }
        Long set = lastSets.get(field);
        return set == null ? OptionalDouble.empty() : OptionalDouble.of((double) set);
    }

    /** Returns the last window: the durations that were recorded, and the counters. */
    synchronized RecordedInterval complete(RecordedInterval recorded) {
        return recorded.withMore(field -> counter(field).last());
    }

    /** Returns the totals: those of the durations that were recorded, and the counters. */
    synchronized NodeTotals complete(NodeTotals recorded) {
        return NodeTotals.of(total -> total.isDuration() ? total.of(recorded) : total(recorded, total.field()));
    }

    private long total(NodeTotals recorded, Field field) {
        return (recorded.number(field) + counter(field).total()) & NodeSnapshot.MAX_VALUE;
    }

    /** Flags the fields that were never received, and those received by samples or sets. */
    synchronized void flag(SnapshotBuilder snapshot) {
        for (Field counter : counters.keySet()) {
            flag(snapshot, counter, received.contains(counter), sampled.contains(counter));
        }
        for (RequestKind requests : RequestKind.values()) {
            Field count = requests.count();
            Field time = requests.mean();
            boolean timed = received.contains(time);
            flag(snapshot, count, timed || received.contains(count), sampled.contains(time) || sampled.contains(count));
            flag(snapshot, time, timed, sampled.contains(time));
            flag(snapshot, requests.max(), timed, sampled.contains(time));
        }
        lastSets.forEach((field, size) -> {
            if (!gauges.containsKey(field)) {
                snapshot.flag(field, Quality.CLOSE);
            }
        });
    }

    private static void flag(SnapshotBuilder snapshot, Field field, boolean received, boolean sampled) {
        snapshot.flag(field, !received ? Quality.UNAVAILABLE : sampled ? Quality.CLOSE : Quality.EXACT);
    }
}

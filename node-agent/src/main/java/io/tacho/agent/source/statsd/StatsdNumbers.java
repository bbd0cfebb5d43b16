// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.statsd;

import io.tacho.agent.record.RecordedInterval;
import io.tacho.agent.record.StatsRecorder;
import io.tacho.agent.source.SnapshotBuilder;
import io.tacho.model.Field;
import io.tacho.model.NodeTotals;
import io.tacho.model.Quality;
import io.tacho.model.RequestKind;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * The numbers received by StatsD: counters and timers go to the recorder, gauges and sets are stored here.
 *
 * <p>Thread safety: safe.
 */
final class StatsdNumbers {

    /** The largest number of distinct values of a set in one window. */
    static final int MAX_SET = 100_000;

    private static final double NANOS_PER_MILLI = 1e6;

    private final StatsRecorder recorder;
    private final Map<Field, LongConsumer> counters;
    private final Map<Field, Double> fractions = new EnumMap<>(Field.class);
    private final Map<Field, Double> gauges = new EnumMap<>(Field.class);
    private final Map<Field, Set<String>> sets = new EnumMap<>(Field.class);
    private final Map<Field, Integer> lastSets = new EnumMap<>(Field.class);
    private final Set<Field> received = EnumSet.noneOf(Field.class);
    private final Set<Field> sampled = EnumSet.noneOf(Field.class);

    /** Requests that were counted without a duration, in the open window. */
    private final Map<Field, Long> untimed = new EnumMap<>(Field.class);

    private final Map<Field, Long> lastUntimed = new EnumMap<>(Field.class);
    private final Map<Field, Long> allUntimed = new EnumMap<>(Field.class);

    StatsdNumbers(StatsRecorder recorder) {
        this.recorder = recorder;
        counters = new EnumMap<>(Map.<Field, LongConsumer>of(
                Field.NUM_MSG_PUBLISHED, recorder::messagesPublished,
                Field.NUM_MSG_QUEUED, recorder::messagesQueued,
                Field.NUM_MSG_SENT, recorder::messagesSent,
                Field.BYTES_CLIENT_IN, recorder::bytesIn,
                Field.BYTES_CLIENT_OUT, recorder::bytesOut));
        for (RequestKind requests : RequestKind.values()) {
            counters.put(requests.count(), count -> countUntimed(requests.count(), count));
        }
    }

    private void countUntimed(Field field, long count) {
        untimed.merge(field, count, Long::sum);
        allUntimed.merge(field, count, Long::sum);
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
            sum += positive(value) / line.rate();
        }
        add(field, sum);
    }

    /** Records the whole part of a count; keeps the fraction, which sampling causes, for the next call. */
    private void add(Field field, double count) {
        double sum = fractions.getOrDefault(field, 0.0) + count;
        long whole = (long) sum;
        fractions.put(field, sum - whole);
        LongConsumer counter = counters.get(field);
        if (counter != null && whole > 0) {
            counter.accept(whole);
        }
    }

    private void time(RequestKind requests, StatsdLine line) throws Rejected {
        for (String value : line.values()) {
            positive(value);
        }
        for (String value : line.values()) {
            long nanos = Math.round(positive(value) * NANOS_PER_MILLI);
            if (requests == RequestKind.API) {
                recorder.apiRequest(nanos);
            } else {
                recorder.clientRequest(nanos);
            }
        }
        // a sampled request stands for requests that were not sent
        double others = line.values().size() * (1 / line.rate() - 1);
        if (others > 0) {
            add(requests.count(), others);
        }
    }

    private static double positive(String value) throws Rejected {
        double number = StatsdLine.number(value, Rejected.Reason.BAD_VALUE);
        if (number < 0) {
            throw new Rejected(Rejected.Reason.BAD_VALUE);
        }
        return number;
    }

    /** Sets a gauge; a value with a sign changes it. */
    private void gauge(Field field, StatsdLine line) throws Rejected {
        double gauge = gauges.getOrDefault(field, 0.0);
        for (String value : line.values()) {
            double number = StatsdLine.number(value, Rejected.Reason.BAD_VALUE);
            boolean change = value.charAt(0) == '+' || value.charAt(0) == '-';
            gauge = Math.max(0, change ? gauge + number : number);
        }
        gauges.put(field, gauge);
    }

    private void addToSet(Field field, StatsdLine line) throws Rejected {
        Set<String> set = sets.computeIfAbsent(field, key -> new HashSet<>());
        for (String value : line.values()) {
            if (set.size() >= MAX_SET && !set.contains(value)) {
                throw new Rejected(Rejected.Reason.SET_FULL);
            }
            set.add(value);
        }
    }

    /** Ends a window: the next one begins with empty sets. */
    synchronized void endWindow() {
        sets.forEach((field, values) -> lastSets.put(field, values.size()));
        sets.replaceAll((field, values) -> new HashSet<>());
        lastUntimed.clear();
        lastUntimed.putAll(untimed);
        untimed.clear();
    }

    /** Returns a gauge, or the size of the last window's set; empty if neither was received. */
    synchronized OptionalDouble gauge(Field field) {
        Double gauge = gauges.get(field);
        if (gauge != null) {
            return OptionalDouble.of(gauge);
        }
        Integer set = lastSets.get(field);
        return set == null ? OptionalDouble.empty() : OptionalDouble.of(set);
    }

    /** Returns the last window as recorded, with the requests that were counted without a duration. */
    synchronized RecordedInterval complete(RecordedInterval recorded) {
        return recorded.withMoreRequests(
                lastUntimed.getOrDefault(Field.NUM_API_REQUESTS, 0L),
                lastUntimed.getOrDefault(Field.NUM_CLIENT_REQUESTS, 0L));
    }

    /** Returns the totals as recorded, with the requests that were counted without a duration. */
    synchronized NodeTotals complete(NodeTotals recorded) {
        return new NodeTotals(
                recorded.numMsgPublished(),
                recorded.numMsgQueued(),
                recorded.numMsgSent(),
                recorded.numApiRequests() + allUntimed.getOrDefault(Field.NUM_API_REQUESTS, 0L),
                recorded.numClientRequests() + allUntimed.getOrDefault(Field.NUM_CLIENT_REQUESTS, 0L),
                recorded.bytesClientIn(),
                recorded.bytesClientOut(),
                recorded.timeApiSum(),
                recorded.timeClientSum());
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
                snapshot.flag(field, size >= MAX_SET ? Quality.BOUND : Quality.CLOSE);
            }
        });
    }

    private static void flag(SnapshotBuilder snapshot, Field field, boolean received, boolean sampled) {
        snapshot.flag(field, !received ? Quality.UNAVAILABLE : sampled ? Quality.CLOSE : Quality.EXACT);
    }
}

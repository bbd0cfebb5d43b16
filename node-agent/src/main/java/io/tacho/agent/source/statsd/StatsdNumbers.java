// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.statsd;

import io.tacho.agent.record.RecordedInterval;
import io.tacho.agent.record.StatsRecorder;
import io.tacho.agent.source.Tally;
import io.tacho.model.NodeTotals;
import io.tacho.model.Quality;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * What StatsD lines have told: counts and times go to the recorder, gauges and sets are kept here.
 *
 * <p>Thread safety: safe.
 */
final class StatsdNumbers {

    /** Distinct values that are kept of a set in one window. */
    static final int MAX_SET = 100_000;

    private static final double NANOS_PER_MILLI = 1e6;

    private final StatsRecorder recorder;
    private final Map<String, LongConsumer> counters;
    private final Map<String, Double> fractions = new HashMap<>();
    private final Map<String, Double> gauges = new HashMap<>();
    private final Map<String, Set<String>> sets = new HashMap<>();
    private final Map<String, Integer> lastSets = new HashMap<>();
    private final Set<String> told = new HashSet<>();
    private final Set<String> sampled = new HashSet<>();

    /** Requests beyond those that came with a time of their own. */
    private final Map<String, Long> untimed = new HashMap<>();

    private final Map<String, Long> lastUntimed = new HashMap<>();
    private final Map<String, Long> allUntimed = new HashMap<>();

    StatsdNumbers(StatsRecorder recorder) {
        this.recorder = recorder;
        counters = Map.of(
                "num_msg_published", recorder::messagesPublished,
                "num_msg_queued", recorder::messagesQueued,
                "num_msg_sent", recorder::messagesSent,
                "bytes_client_in", recorder::bytesIn,
                "bytes_client_out", recorder::bytesOut,
                "num_api_requests", count -> countUntimed("num_api_requests", count),
                "num_client_requests", count -> countUntimed("num_client_requests", count));
    }

    private void countUntimed(String number, long count) {
        untimed.merge(number, count, Long::sum);
        allUntimed.merge(number, count, Long::sum);
    }

    /** Takes the number that a line tells; all of the line or nothing. */
    synchronized void take(String number, StatsdLine line) throws Refused {
        switch (line.type()) {
            case COUNTER -> count(number, line);
            case TIMER -> time(number, line);
            case GAUGE -> gauge(number, line);
            case SET -> addToSet(number, line);
        }
        told.add(number);
        if (line.rate() < 1) {
            sampled.add(number);
        }
    }

    private void count(String number, StatsdLine line) throws Refused {
        double sum = 0;
        for (String value : line.values()) {
            sum += positive(value) / line.rate();
        }
        add(number, sum);
    }

    /** Whole ones at once; of sampled ones a fraction may stay for the next time. */
    private void add(String number, double count) {
        double sum = fractions.getOrDefault(number, 0.0) + count;
        long whole = (long) sum;
        fractions.put(number, sum - whole);
        LongConsumer counter = counters.get(number);
        if (counter != null && whole > 0) {
            counter.accept(whole);
        }
    }

    private void time(String number, StatsdLine line) throws Refused {
        for (String value : line.values()) {
            positive(value);
        }
        boolean api = number.equals("time_api");
        for (String value : line.values()) {
            long nanos = Math.round(positive(value) * NANOS_PER_MILLI);
            if (api) {
                recorder.apiRequest(nanos);
            } else {
                recorder.clientRequest(nanos);
            }
        }
        // one that was sent stands for others that were not
        double others = line.values().size() * (1 / line.rate() - 1);
        if (others > 0) {
            add(api ? "num_api_requests" : "num_client_requests", others);
        }
    }

    private static double positive(String value) throws Refused {
        double number = StatsdLine.number(value, Refused.Reason.BAD_VALUE);
        if (number < 0) {
            throw new Refused(Refused.Reason.BAD_VALUE);
        }
        return number;
    }

    /** A signed value is a change. */
    private void gauge(String number, StatsdLine line) throws Refused {
        double gauge = gauges.getOrDefault(number, 0.0);
        for (String value : line.values()) {
            double given = StatsdLine.number(value, Refused.Reason.BAD_VALUE);
            boolean change = value.charAt(0) == '+' || value.charAt(0) == '-';
            gauge = Math.max(0, change ? gauge + given : given);
        }
        gauges.put(number, gauge);
    }

    private void addToSet(String number, StatsdLine line) throws Refused {
        Set<String> set = sets.computeIfAbsent(number, key -> new HashSet<>());
        for (String value : line.values()) {
            if (set.size() >= MAX_SET && !set.contains(value)) {
                throw new Refused(Refused.Reason.SET_FULL);
            }
            set.add(value);
        }
    }

    /** A window ends: sets begin anew. */
    synchronized void endWindow() {
        sets.forEach((number, values) -> lastSets.put(number, values.size()));
        sets.replaceAll((number, values) -> new HashSet<>());
        lastUntimed.clear();
        lastUntimed.putAll(untimed);
        untimed.clear();
    }

    /** A gauge, or what the last window's set had; empty if neither was ever told. */
    synchronized OptionalDouble gauge(String number) {
        Double gauge = gauges.get(number);
        if (gauge != null) {
            return OptionalDouble.of(gauge);
        }
        Integer set = lastSets.get(number);
        return set == null ? OptionalDouble.empty() : OptionalDouble.of(set);
    }

    /** What was recorded in the last window, with the requests that came without a time. */
    synchronized RecordedInterval complete(RecordedInterval recorded) {
        return recorded.withMoreRequests(
                lastUntimed.getOrDefault("num_api_requests", 0L), lastUntimed.getOrDefault("num_client_requests", 0L));
    }

    /** What was recorded since the start, likewise. */
    synchronized NodeTotals complete(NodeTotals recorded) {
        return new NodeTotals(
                recorded.numMsgPublished(),
                recorded.numMsgQueued(),
                recorded.numMsgSent(),
                recorded.numApiRequests() + allUntimed.getOrDefault("num_api_requests", 0L),
                recorded.numClientRequests() + allUntimed.getOrDefault("num_client_requests", 0L),
                recorded.bytesClientIn(),
                recorded.bytesClientOut(),
                recorded.timeApiSum(),
                recorded.timeClientSum());
    }

    /** Marks what was never told, and what was told by samples or sets. */
    synchronized void mark(Tally tally) {
        for (String number : counters.keySet()) {
            boolean requests = number.equals("num_api_requests") || number.equals("num_client_requests");
            String time = number.equals("num_api_requests") ? "time_api" : "time_client";
            if (!told.contains(number) && !(requests && told.contains(time))) {
                tally.mark(number, Quality.UNAVAILABLE);
            } else if (sampled.contains(number) || (requests && sampled.contains(time))) {
                tally.mark(number, Quality.CLOSE);
            }
        }
        for (String time : new String[] {"time_api", "time_client"}) {
            if (!told.contains(time)) {
                tally.mark(time + "_mean", Quality.UNAVAILABLE);
                tally.mark(time + "_max", Quality.UNAVAILABLE);
            } else if (sampled.contains(time)) {
                tally.mark(time + "_mean", Quality.CLOSE);
                tally.mark(time + "_max", Quality.CLOSE);
            }
        }
        for (String number : lastSets.keySet()) {
            if (!gauges.containsKey(number)) {
                tally.mark(number, lastSets.getOrDefault(number, 0) >= MAX_SET ? Quality.BOUND : Quality.CLOSE);
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.push;

import static io.tacho.agent.source.push.PushedFields.COUNTERS;
import static io.tacho.agent.source.push.PushedFields.GAUGES;
import static io.tacho.agent.source.push.PushedFields.INTERVAL_TIMES;
import static io.tacho.agent.source.push.PushedFields.TIME_SUMS;

import io.tacho.agent.record.RecordedInterval;
import io.tacho.agent.source.Tally;
import io.tacho.agent.source.push.PushedFields.Counters;
import io.tacho.model.Quality;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What has been pushed of a node, number by number, and when.
 *
 * <p>Thread safety: safe.
 */
final class PushedNode {

    private record Pushed(long value, long nanos) {}

    private final LongSupplier nanoTime;
    private final Map<String, Pushed> told = new HashMap<>();
    private final Map<String, Pushed> totals = new HashMap<>();
    private final Map<String, Long> windowStart = new HashMap<>();
    private final Map<String, Long> window = new HashMap<>();
    private final PushedCounts counts = new PushedCounts();
    private final Map<String, String> texts = new HashMap<>();
    private Map<String, String> labels = Map.of();
    private boolean heard;
    private long heardNanos;

    PushedNode(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    synchronized void take(PushedFields fields) {
        long now = nanoTime.getAsLong();
        String uid = fields.texts().get("uid");
        if (uid != null && !uid.equals(texts.getOrDefault("uid", uid))) {
            // another node: nothing of the last one is its
            forget();
        }
        fields.numbers().forEach((field, value) -> {
            boolean total = fields.counters() == Counters.TOTALS && !GAUGES.contains(field);
            if (total) {
                told.remove(field);
                totals.put(field, new Pushed(value, now));
                windowStart.putIfAbsent(field, value);
            } else {
                totals.remove(field);
                windowStart.remove(field);
                window.remove(field);
                told.put(field, new Pushed(value, now));
            }
        });
        if (fields.counters() == Counters.INTERVAL) {
            counts.add(fields.numbers());
        }
        texts.putAll(fields.texts());
        if (fields.labels() != null) {
            labels = Map.copyOf(fields.labels());
        }
        heard = true;
        heardNanos = now;
    }

    synchronized void forget() {
        told.clear();
        totals.clear();
        windowStart.clear();
        window.clear();
        counts.forget();
        texts.clear();
        labels = Map.of();
        heard = false;
    }

    /** A window ends: what the totals grew by since the last one is its. A total that fell began anew. */
    synchronized void endWindow() {
        totals.forEach((field, total) -> {
            long from = windowStart.getOrDefault(field, total.value());
            window.put(field, total.value() >= from ? total.value() - from : total.value());
            windowStart.put(field, total.value());
        });
        counts.endWindow(window);
    }

    /** What was counted in the last window; of one without a push nothing. */
    synchronized RecordedInterval counted() {
        return counts.last();
    }

    /** How long nothing has been pushed; as long as can be where nothing ever was. */
    synchronized long silentNanos() {
        return heard ? nanoTime.getAsLong() - heardNanos : Long.MAX_VALUE;
    }

    synchronized @Nullable String text(String field) {
        return texts.get(field);
    }

    synchronized Map<String, String> labels() {
        return labels;
    }

    /** A number as it was pushed, or of totals what they grew by in the last window; empty where there is none. */
    synchronized OptionalDouble number(String field) {
        Pushed number = told.get(field);
        if (number != null) {
            return OptionalDouble.of((double) number.value());
        }
        Long grown = window.get(field);
        return grown == null ? OptionalDouble.empty() : OptionalDouble.of((double) grown);
    }

    /** The mean of a window's times, as pushed or made of two totals. */
    synchronized OptionalDouble mean(String mean, String sum, String count) {
        OptionalDouble pushed = number(mean);
        Long total = window.get(sum);
        Long requests = window.get(count);
        if (pushed.isPresent() || total == null || requests == null) {
            return pushed;
        }
        return OptionalDouble.of(requests == 0 ? 0 : (double) total / requests);
    }

    /** How long ago each number was pushed, milliseconds. */
    synchronized Map<String, Long> ages() {
        long now = nanoTime.getAsLong();
        Map<String, Long> ages = new HashMap<>();
        told.forEach((field, number) -> ages.put(field, (now - number.nanos()) / 1_000_000));
        totals.forEach((field, number) -> ages.put(field, (now - number.nanos()) / 1_000_000));
        return ages;
    }

    /** Marks the numbers that were pushed, but not for long. */
    synchronized void markOld(Tally tally, long oldAfterNanos) {
        ages().forEach((field, age) -> {
            boolean of22 = COUNTERS.contains(field) || GAUGES.contains(field) || INTERVAL_TIMES.contains(field);
            if (age * 1_000_000 > oldAfterNanos && (of22 || TIME_SUMS.contains(field))) {
                tally.mark(of22 ? field : field.replace("_sum", "_mean"), Quality.OLD);
            }
        });
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.push;

import io.tacho.agent.record.RecordedInterval;
import io.tacho.agent.source.SnapshotBuilder;
import io.tacho.agent.source.push.PushedFields.Counters;
import io.tacho.model.Extras;
import io.tacho.model.Field;
import io.tacho.model.NodeTotals;
import io.tacho.model.Quality;
import io.tacho.model.RequestKind;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The numbers that were pushed of a node, with the time of each.
 *
 * <p>Thread safety: safe.
 */
final class PushedNode {

    private record Pushed(long value, long nanos) {}

    private final LongSupplier nanoTime;
    private final Map<String, Pushed> pushed = new HashMap<>();
    private final Map<String, Pushed> totals = new HashMap<>();
    private final Map<String, CountedTotal> counted = new HashMap<>();
    private final Map<String, Long> totalsAtWindowEnd = new HashMap<>();
    private final Map<String, Long> window = new HashMap<>();
    private final PushedCounts counts = new PushedCounts();
    private final Map<String, String> texts = new HashMap<>();
    private Map<String, String> labels = Map.of();
    private final PushedExtras extras = new PushedExtras();
    private boolean active;
    private long pushedNanos;

    PushedNode(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Takes over what was pushed.
     *
     * @throws IllegalArgumentException if the node would have too many extra values; then nothing is taken over
     */
    synchronized void take(PushedFields fields) {
        long now = nanoTime.getAsLong();
        String uid = fields.texts().get("uid");
        if (uid != null && !uid.equals(texts.getOrDefault("uid", uid))) {
            // another node: discard the numbers of the last one
            forget();
        }
        extras.requireRoom(fields);
        fields.numbers().forEach((field, value) -> {
            boolean total = fields.counters() == Counters.TOTALS && !PushedFields.isGauge(field);
            if (total) {
                pushed.remove(field);
                totals.put(field, new Pushed(value, now));
                counted.put(field, CountedTotal.after(counted.get(field), value));
            } else {
                totals.remove(field);
                counted.remove(field);
                totalsAtWindowEnd.remove(field);
                window.remove(field);
                pushed.put(field, new Pushed(value, now));
            }
        });
        if (fields.counters() == Counters.INTERVAL) {
            counts.add(fields.numbers());
        }
        texts.putAll(fields.texts());
        if (fields.labels() != null) {
            labels = Map.copyOf(fields.labels());
        }
        extras.take(fields);
        active = true;
        pushedNanos = now;
    }

    private void forget() {
        pushed.clear();
        totals.clear();
        counted.clear();
        totalsAtWindowEnd.clear();
        window.clear();
        counts.forget();
        texts.clear();
        labels = Map.of();
        extras.forget();
        active = false;
    }

    /**
     * Discards the gauges and the last window if there was no push for longer than a time. The node returns with its identity,
     * its labels, and the totals of its last push.
     *
     * @return whether the node is gone
     */
    synchronized boolean expire(long goneAfterNanos) {
        boolean gone = !active || nanoTime.getAsLong() - pushedNanos > goneAfterNanos;
        if (gone) {
            active = false;
            pushed.keySet().removeIf(name -> !isInfo(name));
            window.clear();
            counts.forgetLast();
            extras.forgetValues();
        }
        return gone;
    }

    private static boolean isInfo(String name) {
        Field field = Field.of(name);
        return field != null && field.kind() == Field.Kind.INFO;
    }

    /** Ends a window: it contains the growth of the totals since the last one. A total that decreased started at 0. */
    synchronized void endWindow() {
        counted.forEach((field, total) -> {
            window.put(field, total.increase());
            totalsAtWindowEnd.put(field, total.total());
        });
        counted.replaceAll((field, total) -> total.nextWindow());
        counts.endWindow(window);
        extras.endWindow();
    }

    /**
     * Returns the totals at the end of the last window.
     *
     * @return null if no totals are pushed, or numbers of intervals too
     */
    synchronized @Nullable NodeTotals totalsAtWindowEnd() {
        boolean complete =
                !totalsAtWindowEnd.isEmpty() && pushed.keySet().stream().allMatch(PushedFields::isGauge);
        return complete ? NodeTotals.of(total -> totalsAtWindowEnd.getOrDefault(total.wireName(), 0L)) : null;
    }

    /** Returns what was counted in the last window. */
    synchronized RecordedInterval counted() {
        return counts.last().with(null, null, extras.window());
    }

    synchronized @Nullable String text(String field) {
        return texts.get(field);
    }

    synchronized Map<String, String> labels() {
        return labels;
    }

    synchronized Extras extras() {
        return extras.gauges();
    }

    /** Returns the number of a field: as pushed, or of totals the growth in the last window; empty if there is none. */
    synchronized OptionalDouble number(Field field) {
        OptionalDouble number = number(field.wireName());
        for (RequestKind requests : RequestKind.values()) {
            if (field == requests.mean() && number.isEmpty()) {
                return mean(
                        window.get(requests.sumName()),
                        window.get(requests.count().wireName()));
            }
        }
        return number;
    }

    private OptionalDouble number(String name) {
        Pushed number = pushed.get(name);
        if (number != null) {
            return OptionalDouble.of((double) number.value());
        }
        Long growth = window.get(name);
        return growth == null ? OptionalDouble.empty() : OptionalDouble.of((double) growth);
    }

    private static OptionalDouble mean(@Nullable Long sum, @Nullable Long count) {
        if (sum == null || count == null) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(count == 0 ? 0 : (double) sum / count);
    }

    /** Returns the time since each number was pushed, milliseconds, by wire name. */
    synchronized Map<String, Long> ages() {
        long now = nanoTime.getAsLong();
        Map<String, Long> ages = new HashMap<>();
        pushed.forEach((field, number) -> ages.put(field, (now - number.nanos()) / 1_000_000));
        totals.forEach((field, number) -> ages.put(field, (now - number.nanos()) / 1_000_000));
        return ages;
    }

    /** Flags the fields that were pushed, but not in the given time, as stale. */
    synchronized void flagStale(SnapshotBuilder snapshot, long staleAfterNanos) {
        ages().forEach((name, age) -> {
            Field field = PushedFields.field(name);
            if (field != null && age * 1_000_000 > staleAfterNanos) {
                snapshot.flag(field, Quality.STALE);
            }
        });
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.push;

import io.tacho.agent.record.RecordedInterval;
import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.RequestKind;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/**
 * Adds up what was pushed in a window: of the node's own intervals every push once, however often it is published, and of
 * totals their growth.
 *
 * <p>Thread safety: guarded by its owner.
 */
final class PushedCounts {

    /** The largest sum of durations, far from the overflow of a long: 73 years of one request after the other. */
    private static final long MAX_NANOS = 1L << 61;

    private final Map<String, Long> open = new HashMap<>();
    private RecordedInterval last = RecordedInterval.EMPTY;

    /** Adds the numbers of an interval of the node itself. */
    void add(Map<String, Long> interval) {
        for (Field field : Field.NUMBERS) {
            if (field.kind() == Field.Kind.COUNTER) {
                add(field.wireName(), number(interval, field));
            }
        }
        for (RequestKind requests : RequestKind.values()) {
            add(requests.sumName(), product(number(interval, requests.mean()), number(interval, requests.count())));
            open.merge(requests.max().wireName(), number(interval, requests.max()), Math::max);
        }
    }

    private void add(String name, long count) {
        long max = Field.of(name) == null ? MAX_NANOS : NodeSnapshot.MAX_VALUE;
        open.merge(name, Math.min(count, max), (sum, more) -> Math.min(sum + more, max));
    }

    private static long number(Map<String, Long> numbers, Field field) {
        return numbers.getOrDefault(field.wireName(), 0L);
    }

    private static long product(long nanos, long requests) {
        return requests > 0 && nanos > MAX_NANOS / requests ? MAX_NANOS : nanos * requests;
    }

    /** Ends a window. */
    void endWindow(Map<String, Long> growth) {
        growth.forEach(this::add);
        Map<Field, Long> numbers = new EnumMap<>(Field.class);
        Field.NUMBERS.forEach(field -> numbers.put(field, number(open, field)));
        last = RecordedInterval.of(
                numbers,
                open.getOrDefault(RequestKind.API.sumName(), 0L),
                open.getOrDefault(RequestKind.CLIENT.sumName(), 0L));
        open.clear();
    }

    /** {@return the last window} */
    RecordedInterval last() {
        return last;
    }

    void forget() {
        open.clear();
        forgetLast();
    }

    /** Discards the last window. */
    void forgetLast() {
        last = RecordedInterval.EMPTY;
    }
}

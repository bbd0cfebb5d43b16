// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tacho.model.ClusterWindow;
import io.tacho.model.ClusterWindow.Spread;
import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeTotals;
import io.tacho.model.WindowDetail;
import io.tacho.model.WindowGauges;
import io.tacho.model.WindowSlot;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.Encoded;
import io.tacho.sketch.HyperLogLog;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The entries of a window in all partitions, which together are the window. Invalid values count as missing. */
record WindowEntry(List<Map<String, byte[]>> parts) {

    private static final long VERSION = 1;

    /** {@return a partition's entry from the reply of {@code load.lua}; null if it is missing or unreadable} */
    static @Nullable Map<String, byte[]> unpack(byte[] packed) {
        MessagePack reader = new MessagePack(packed);
        long remainingMillis = reader.integer();
        if (remainingMillis <= 0 || reader.isString()) {
            return null;
        }
        int strings = reader.arrayLength();
        Map<String, byte[]> fields = new HashMap<>(strings);
        for (int i = 0; i < strings; i += 2) {
            fields.put(new String(reader.bytes(), ISO_8859_1), reader.bytes());
        }
        return number(fields.get("v")) == VERSION ? fields : null;
    }

    /** {@return the window; null if it contains no window of a node} */
    @Nullable
    ClusterWindow read(WindowSlot slot) {
        long nodeWindows = count("uploads");
        if (nodeWindows == 0) {
            return null;
        }
        return ClusterWindow.builder(slot)
                .nodeWindows(nodeWindows)
                .sums(NodeTotals.of(total -> total.isDuration() ? sum(total.wireName()) : count(total.wireName())))
                .gauges(WindowGauges.of(gauge -> count(gauge.wireName())))
                .longest(max(WindowFields.TIME_API_MAX), max(WindowFields.TIME_CLIENT_MAX))
                .largestNode(max(WindowFields.MAX_UNIQUE_CLIENTS), max(WindowFields.MAX_CHANNELS))
                .detail(new WindowDetail(
                        histogram("hist_api"),
                        histogram("hist_client"),
                        union(WindowFields.USERS),
                        union(WindowFields.CHANNELS)))
                .unionNodes(
                        unionWindows(WindowFields.USERS, WindowFields.USERS_WINDOWS),
                        unionWindows(WindowFields.CHANNELS, WindowFields.CHANNELS_WINDOWS))
                .bridgedWindows(count(WindowFields.BRIDGED))
                .extras(PackedExtras.read(parts, count(PackedExtras.LEFT_OUT)))
                .spreads(spreads())
                .build();
    }

    /** {@return the spreads of the balanced fields; none of windows of agents that did not upload them} */
    private Map<Field, Spread> spreads() {
        Map<Field, Spread> spreads = new EnumMap<>(Field.class);
        for (Field field : ClusterWindow.BALANCED) {
            Spread spread = new Spread(max(WindowFields.largest(field)), sum(WindowFields.squares(field)));
            if (!spread.equals(Spread.NONE)) {
                spreads.put(field, spread);
            }
        }
        return spreads;
    }

    private long count(String field) {
        return bounded(sum(field));
    }

    private long sum(String field) {
        long sum = 0;
        for (Map<String, byte[]> part : parts) {
            long number = number(part.get(field));
            sum = number > Long.MAX_VALUE - sum ? Long.MAX_VALUE : sum + number;
        }
        return sum;
    }

    private long max(String field) {
        return bounded(
                parts.stream().mapToLong(part -> number(part.get(field))).max().orElse(0));
    }

    private static long bounded(long number) {
        return Math.min(number, NodeSnapshot.MAX_VALUE);
    }

    private static long number(byte @Nullable [] digits) {
        if (digits == null) {
            return 0;
        }
        try {
            return Math.max(0, Long.parseLong(new String(digits, ISO_8859_1)));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** {@return the histogram of all parts; an unreadable one is left out, and replaced by the next upload} */
    private @Nullable Encoded<DurationHistogram> histogram(String field) {
        List<DurationHistogram> histograms = parts.stream()
                .flatMap(part -> Stream.ofNullable(part.get(field)))
                .flatMap(bytes -> Stream.ofNullable(PackedHistogram.read(bytes)))
                .toList();
        return histograms.isEmpty() ? null : DurationHistogram.merge(histograms).encoded();
    }

    /** {@return the union of all parts; unreadable ones are left out} */
    private @Nullable Encoded<HyperLogLog> union(String name) {
        List<HyperLogLog> unions = parts.stream()
                .flatMap(part -> Stream.ofNullable(part.get(name)))
                .flatMap(bytes -> Encoded.hyperLogLog(bytes).decodeIfReadable().stream())
                .toList();
        if (unions.isEmpty()) {
            return null;
        }
        HyperLogLog.Builder union = new HyperLogLog.Builder();
        unions.forEach(union::add);
        return union.build().encoded();
    }

    /** {@return the number of windows of nodes in the unions of all parts that there are} */
    private long unionWindows(String name, String field) {
        return new WindowEntry(
                        parts.stream().filter(part -> part.containsKey(name)).toList())
                .count(field);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tacho.model.ClusterWindow;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeTotals;
import io.tacho.model.WindowDetail;
import io.tacho.model.WindowGauges;
import io.tacho.sketch.DurationHistogram;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A window's entries of all partitions, which together are the window. What is in them and cannot be what it should be is taken
 * for nothing.
 */
record WindowEntry(List<Map<String, byte[]>> parts) {

    private static final long VERSION = 1;

    /** A partition's entry as {@code load.lua} answers it; null where there is none that can be read. */
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

    /** The window; null if no node's is in it. */
    @Nullable
    ClusterWindow read(WindowSlot slot) {
        long folds = count("folds");
        if (folds == 0) {
            return null;
        }
        return new ClusterWindow(
                slot.intervalSeconds(),
                slot.startMillis(),
                folds,
                new NodeTotals(
                        count("num_msg_published"),
                        count("num_msg_queued"),
                        count("num_msg_sent"),
                        count("num_api_requests"),
                        count("num_client_requests"),
                        count("bytes_client_in"),
                        count("bytes_client_out"),
                        sum("time_api_sum"),
                        sum("time_client_sum")),
                new WindowGauges(
                        count("num_goroutine"),
                        count("num_clients"),
                        count("num_unique_clients"),
                        count("num_channels"),
                        count("memory_sys"),
                        count("cpu_usage")),
                max("time_api_max"),
                max("time_client_max"),
                max("max_unique_clients"),
                max("max_channels"),
                new WindowDetail(histogram("hist_api"), histogram("hist_client"), sketch("users"), sketch("channels")),
                max("users_nodes"),
                max("channels_nodes"));
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

    /** One that cannot be read is replaced by the next fold. */
    private @Nullable String histogram(String field) {
        List<DurationHistogram> histograms = parts.stream()
                .flatMap(part -> Stream.ofNullable(part.get(field)))
                .flatMap(bytes -> Stream.ofNullable(PackedHistogram.read(bytes)))
                .toList();
        return histograms.isEmpty() ? null : DurationHistogram.merge(histograms).toText();
    }

    private @Nullable String sketch(String field) {
        return parts.stream()
                .flatMap(part -> Stream.ofNullable(part.get(field)))
                .filter(bytes -> bytes.length > 0)
                .map(bytes -> Base64.getEncoder().withoutPadding().encodeToString(bytes))
                .filter(text -> text.length() <= WindowDetail.MAX_LENGTH)
                .findFirst()
                .orElse(null);
    }
}

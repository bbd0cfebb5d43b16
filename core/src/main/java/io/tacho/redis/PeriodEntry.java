// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tacho.codec.PeriodCodec;
import io.tacho.model.period.PeriodSummary;
import io.tacho.sketch.Encoded;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The fields of an hour, day or month in one partition. */
final class PeriodEntry {

    /** The number of windows of nodes, and its name in the entries of windows. */
    static final String NODE_WINDOWS = "node_windows";

    static final String NODE_WINDOWS_OF_WINDOW = "windows";

    private static final String VERSION = "1";

    private static final byte[] NONE = new byte[0];

    private PeriodEntry() {}

    /** {@return fields and values, alternating; a value that is missing is empty} */
    static List<byte[]> write(PeriodSummary summary) {
        return List.of(
                ascii("summary"),
                PeriodCodec.numbers(summary),
                ascii("time_api"),
                bytes(summary.timeApi()),
                ascii("time_client"),
                bytes(summary.timeClient()),
                ascii("users"),
                bytes(summary.users()),
                ascii("channels"),
                bytes(summary.channels()));
    }

    /** {@return the summary; null if it is unreadable} */
    static @Nullable PeriodSummary read(Map<String, byte[]> fields) {
        byte[] numbers = fields.get("summary");
        if (numbers == null || !VERSION.equals(version(fields.get("v")))) {
            return null;
        }
        try {
            PeriodSummary summary = PeriodCodec.read(numbers);
            return new PeriodSummary(
                    summary.numbers(),
                    summary.secondsByNodes(),
                    summary.peaks(),
                    value(fields, "time_api", Encoded::histogram),
                    value(fields, "time_client", Encoded::histogram),
                    value(fields, "users", Encoded::hyperLogLog),
                    value(fields, "channels", Encoded::hyperLogLog));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static String version(byte @Nullable [] ascii) {
        return ascii == null ? "" : new String(ascii, US_ASCII);
    }

    private static <T> @Nullable Encoded<T> value(
            Map<String, byte[]> fields, String name, Function<byte[], Encoded<T>> type) {
        byte[] value = fields.get(name);
        return value == null || value.length == 0 ? null : type.apply(value);
    }

    private static byte[] bytes(@Nullable Encoded<?> value) {
        return value == null ? NONE : value.bytes();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }
}

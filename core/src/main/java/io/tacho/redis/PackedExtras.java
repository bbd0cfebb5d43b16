// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.model.Extra;
import io.tacho.model.Extras;
import io.tacho.sketch.DurationHistogram;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The extra values of a window: fields {@code extra:<rule>:<kind>:<name>} of its entry, and in an upload MessagePack of an array of
 * such fields and values, alternating.
 */
final class PackedExtras {

    /** The number of values that are not stored, because the entry has reached its size. */
    static final String LEFT_OUT = "extras_left_out";

    private static final String PREFIX = "extra:";

    /** The prefix, rule, kind and name. */
    private static final int PARTS = 4;

    private static final int ARRAY_16 = 0xdc;
    private static final int STRING_16 = 0xda;

    private PackedExtras() {}

    /** {@return the form that Redis merges; empty for no values} */
    static byte[] write(Extras extras) {
        List<byte[]> pairs = new ArrayList<>(2 * extras.byName().size());
        extras.byName().forEach((name, extra) -> {
            byte[] value = extra.isMergeable() ? value(extra) : null;
            if (value != null) {
                pairs.add((PREFIX + extra.rule() + ':' + extra.kind() + ':' + name).getBytes(UTF_8));
                pairs.add(value);
            }
        });
        if (pairs.isEmpty()) {
            return new byte[0];
        }
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        head(packed, ARRAY_16, pairs.size());
        for (byte[] text : pairs) {
            head(packed, STRING_16, text.length);
            packed.writeBytes(text);
        }
        return packed.toByteArray();
    }

    private static void head(ByteArrayOutputStream packed, int type, int length) {
        packed.write(type);
        packed.write(length >> 8);
        packed.write(length);
    }

    /** {@return a number's digits, or a histogram in the form that Redis merges; null if it is empty or unreadable} */
    private static byte @Nullable [] value(Extra extra) {
        if (extra.durations() == null) {
            return Long.toString(extra.value()).getBytes(US_ASCII);
        }
        return extra.durations()
                .decodeIfReadable()
                .map(PackedHistogram::write)
                .filter(packed -> packed.length > 0)
                .orElse(null);
    }

    /** {@return the extra values of the entries of all partitions; what is invalid or of a later version counts as missing} */
    static Extras.Merged read(List<Map<String, byte[]>> parts, long leftOut) {
        Extras.Merged extras = Extras.Merged.NONE.withLeftOut(leftOut);
        for (Map<String, byte[]> part : parts) {
            Map<String, Extra> values = new TreeMap<>();
            part.keySet().stream()
                    .filter(field -> field.startsWith(PREFIX))
                    .sorted()
                    .forEach(field -> read(field, part.getOrDefault(field, new byte[0]), values));
            extras = extras.with(values);
        }
        return extras;
    }

    private static void read(String field, byte[] value, Map<String, Extra> values) {
        String[] parts = new String(field.getBytes(ISO_8859_1), UTF_8).split(":", PARTS);
        try {
            String rule = parts[1];
            String kind = parts[2];
            String name = Extras.requireName(parts[PARTS - 1]);
            if (rule.equals(Extra.HISTOGRAM)) {
                DurationHistogram durations = PackedHistogram.read(value);
                if (durations != null) {
                    values.putIfAbsent(name, new Extra(kind, rule, 0, null, durations.encoded()));
                }
            } else {
                long number = Long.parseLong(new String(value, ISO_8859_1));
                values.putIfAbsent(name, new Extra(kind, rule, number, null, null));
            }
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            // a field of a later version, or a value that the next upload replaces
        }
    }
}

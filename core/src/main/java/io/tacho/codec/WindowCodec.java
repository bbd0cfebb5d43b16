// SPDX-License-Identifier: Apache-2.0
package io.tacho.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.model.ClusterWindow;
import io.tacho.model.ClusterWindow.Spread;
import io.tacho.model.Extra;
import io.tacho.model.Extras;
import io.tacho.model.Field;
import io.tacho.model.NodeTotals;
import io.tacho.model.TotalField;
import io.tacho.model.WindowDetail;
import io.tacho.model.WindowGauges;
import io.tacho.model.WindowSlot;
import io.tacho.sketch.Encoded;
import java.io.ByteArrayOutputStream;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads windows as one value each: MessagePack of a map of names to integers and byte arrays. Names that are missing are 0.
 * Windows of one node and of many have the same form.
 */
public final class WindowCodec {

    private static final long VERSION = 1;
    private static final String EXTRA = "extra:";
    /** The prefix, rule, kind and name. */
    private static final int EXTRA_PARTS = 4;

    private static final int MAP_16 = 0xde;
    private static final int STRING_16 = 0xda;
    private static final int BYTES_16 = 0xc5;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    private int entries;

    private WindowCodec() {}

    /** {@return the window in its serialized form, without its slot} */
    public static byte[] write(ClusterWindow window) {
        WindowCodec codec = new WindowCodec();
        codec.writeAll(window);
        byte[] map = codec.out.toByteArray();
        map[1] = (byte) (codec.entries >> 8);
        map[2] = (byte) codec.entries;
        return map;
    }

    private void writeAll(ClusterWindow window) {
        out.write(MAP_16);
        writeBytes(0, 2);
        put("v", VERSION);
        put("node_windows", window.nodeWindows());
        for (TotalField total : TotalField.ALL) {
            put(total.wireName(), total.of(window.sums()));
        }
        for (Field gauge : WindowGauges.FIELDS) {
            put(gauge.wireName(), window.gauges().number(gauge));
        }
        put("bridged", window.bridgedWindows());
        put("time_api_max", window.timeApiMax());
        put("time_client_max", window.timeClientMax());
        put("max_unique_clients", window.maxUniqueClients());
        put("max_channels", window.maxChannels());
        window.spreads().forEach((field, spread) -> {
            put(name("max_", field), spread.max());
            put(name("squares_", field), spread.squares());
        });
        WindowDetail detail = window.detail();
        put("time_api", detail.timeApi());
        put("time_client", detail.timeClient());
        put("users", detail.users());
        put("channels", detail.channels());
        put("users_windows", window.usersNodes());
        put("channels_windows", window.channelsNodes());
        window.extras().byName().forEach(this::put);
        put("extras_left_out", window.extras().leftOut());
    }

    private static String name(String prefix, Field field) {
        return prefix + field.wireName().replace("num_", "");
    }

    private void put(String name, Extra extra) {
        String key = EXTRA + extra.rule() + ':' + extra.kind() + ':' + name;
        if (extra.durations() == null) {
            putName(key);
            writeNumber(extra.value());
        } else {
            put(key, extra.durations());
        }
    }

    private void put(String name, long number) {
        if (number != 0) {
            putName(name);
            writeNumber(number);
        }
    }

    private void put(String name, @Nullable Encoded<?> value) {
        if (value != null) {
            putName(name);
            out.write(BYTES_16);
            writeBytes(value.bytes().length, 2);
            out.writeBytes(value.bytes());
        }
    }

    private void putName(String name) {
        byte[] text = name.getBytes(UTF_8);
        if (text.length < 32) {
            out.write(0xa0 | text.length);
        } else {
            out.write(STRING_16);
            writeBytes(text.length, 2);
        }
        out.writeBytes(text);
        entries++;
    }

    private void writeNumber(long number) {
        if (number < 0x80) {
            out.write((int) number);
        } else if (number < 0x1_0000) {
            out.write(0xcd);
            writeBytes(number, 2);
        } else if (number < 0x1_0000_0000L) {
            out.write(0xce);
            writeBytes(number, 4);
        } else {
            out.write(0xcf);
            writeBytes(number, 8);
        }
    }

    private void writeBytes(long number, int bytes) {
        for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
            out.write((int) (number >> shift));
        }
    }

    /**
     * Reads a window of a slot. Unknown names are ignored.
     *
     * @throws IllegalArgumentException stating what is invalid
     */
    public static ClusterWindow read(WindowSlot slot, byte[] bytes) {
        Map<String, Long> numbers = new HashMap<>();
        Map<String, byte[]> values = new HashMap<>();
        MessagePack in = new MessagePack(bytes);
        for (int i = in.mapSize(); i > 0; i--) {
            String name = new String(in.bytes(), UTF_8);
            if (in.isString()) {
                values.put(name, in.bytes());
            } else {
                numbers.put(name, in.integer());
            }
        }
        long version = numbers.getOrDefault("v", 0L);
        if (version != VERSION) {
            throw new IllegalArgumentException("v: " + version + " (expected: " + VERSION + ")");
        }
        return window(slot, name -> numbers.getOrDefault(name, 0L), values)
                .extras(extras(numbers, values))
                .build();
    }

    private static ClusterWindow.Builder window(
            WindowSlot slot, Function<String, Long> number, Map<String, byte[]> values) {
        Map<Field, Spread> spreads = new EnumMap<>(Field.class);
        for (Field field : ClusterWindow.BALANCED) {
            Spread spread = new Spread(number.apply(name("max_", field)), number.apply(name("squares_", field)));
            if (!spread.equals(Spread.NONE)) {
                spreads.put(field, spread);
            }
        }
        return ClusterWindow.builder(slot)
                .nodeWindows(number.apply("node_windows"))
                .sums(NodeTotals.of(total -> number.apply(total.wireName())))
                .gauges(WindowGauges.of(gauge -> number.apply(gauge.wireName())))
                .bridgedWindows(number.apply("bridged"))
                .longest(number.apply("time_api_max"), number.apply("time_client_max"))
                .largestNode(number.apply("max_unique_clients"), number.apply("max_channels"))
                .spreads(spreads)
                .detail(new WindowDetail(
                        value(values.get("time_api"), Encoded::histogram),
                        value(values.get("time_client"), Encoded::histogram),
                        value(values.get("users"), Encoded::hyperLogLog),
                        value(values.get("channels"), Encoded::hyperLogLog)))
                .unionNodes(number.apply("users_windows"), number.apply("channels_windows"));
    }

    private static <T> @Nullable Encoded<T> value(byte @Nullable [] bytes, Function<byte[], Encoded<T>> type) {
        if (bytes == null) {
            return null;
        }
        Encoded<T> value = type.apply(bytes);
        value.decode();
        return value;
    }

    private static Extras.Merged extras(Map<String, Long> numbers, Map<String, byte[]> values) {
        Map<String, Extra> extras = new TreeMap<>();
        numbers.forEach((key, number) -> add(extras, key, number, null));
        values.forEach((key, bytes) -> add(extras, key, 0, bytes));
        return Extras.Merged.NONE.with(extras).withLeftOut(numbers.getOrDefault("extras_left_out", 0L));
    }

    private static void add(Map<String, Extra> extras, String key, long number, byte @Nullable [] histogram) {
        if (key.startsWith(EXTRA)) {
            String[] parts = key.split(":", EXTRA_PARTS);
            if (parts.length == EXTRA_PARTS) {
                Extra extra = new Extra(parts[2], parts[1], number, null, value(histogram, Encoded::histogram));
                extras.putIfAbsent(Extras.requireName(parts[3]), extra);
            }
        }
    }
}

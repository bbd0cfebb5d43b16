// SPDX-License-Identifier: Apache-2.0
package io.tacho.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Map;

/** Packs a hash as Redis' {@code cmsgpack.pack} does. */
public final class PackedHash {

    private PackedHash() {}

    /** {@return MessagePack of an array of the field names and values, alternating} */
    public static byte[] of(Map<String, String> hash) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int strings = 2 * hash.size();
        if (strings < 16) {
            out.write(0x90 + strings);
        } else {
            number(out, 0xdc, strings, 2);
        }
        hash.forEach((field, value) -> {
            string(out, field);
            string(out, value);
        });
        return out.toByteArray();
    }

    private static void string(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        if (bytes.length < 32) {
            out.write(0xa0 + bytes.length);
        } else if (bytes.length < 1 << 8) {
            number(out, 0xd9, bytes.length, 1);
        } else if (bytes.length < 1 << 16) {
            number(out, 0xda, bytes.length, 2);
        } else {
            number(out, 0xdb, bytes.length, 4);
        }
        out.writeBytes(bytes);
    }

    private static void number(ByteArrayOutputStream out, int type, int value, int bytes) {
        out.write(type);
        for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
            out.write(value >> shift);
        }
    }
}

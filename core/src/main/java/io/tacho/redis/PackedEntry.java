// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.codec.MalformedSnapshotException;
import io.tacho.codec.MalformedSnapshotException.Reason;
import io.tacho.codec.SnapshotCodec;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node's entry as {@code load.lua} answers it: MessagePack of its PTTL and its fields.
 *
 * @param remainingMillis what Redis says is left of its life; negative where there is no TTL or no key
 * @param fields the hash; empty where there is none
 * @param problem why the fields could not be had; null where they could
 */
record PackedEntry(
        long remainingMillis,
        Map<String, String> fields,
        @Nullable String problem) {

    /** PTTL's answer where there is no key. */
    private static final long KEY_IS_MISSING = -2;

    private static final String TOO_LARGE = "TOOLARGE";

    /** What stands for what is no UTF-8, and sometimes for itself. */
    private static final char REPLACEMENT = '\uFFFD';

    /** Fields that are no text are left out: of this version they are not. */
    static PackedEntry of(byte[] packed) {
        Reader reader = new Reader(packed);
        long remainingMillis = reader.integer();
        if (reader.isString()) {
            return new PackedEntry(remainingMillis, Map.of(), reader.string());
        }
        int strings = reader.arrayLength();
        Map<String, String> fields = new LinkedHashMap<>(strings);
        for (int i = 0; i < strings; i += 2) {
            String field = reader.string();
            String value = reader.string();
            if (field != null && value != null) {
                fields.put(field, value);
            }
        }
        return new PackedEntry(remainingMillis, fields, null);
    }

    boolean isMissing() {
        return remainingMillis == KEY_IS_MISSING;
    }

    /** @throws MalformedSnapshotException if there are no fields, or they would stay for ever */
    void requireReadable(String uid) throws MalformedSnapshotException {
        if (TOO_LARGE.equals(problem)) {
            throw new MalformedSnapshotException(
                    Reason.TOO_LARGE,
                    "entry of " + uid + ": more than " + SnapshotCodec.MAX_BYTES + " bytes (expected: less)");
        }
        if (problem != null) {
            // somebody else's key under our name spoils this one entry, not the load
            throw new MalformedSnapshotException(Reason.BAD_FIELD, "entry of " + uid + ": " + problem);
        }
        if (remainingMillis < 0) {
            throw new MalformedSnapshotException(
                    Reason.NO_TTL, "entry of " + uid + ": no TTL (expected: PEXPIRE with ttl_ms)");
        }
    }

    /** Null if it is not UTF-8. */
    static @Nullable String utf8(byte[] bytes, int from, int length) {
        String text = new String(bytes, from, length, UTF_8);
        return text.indexOf(REPLACEMENT) < 0 || isUtf8(ByteBuffer.wrap(bytes, from, length)) ? text : null;
    }

    private static boolean isUtf8(ByteBuffer bytes) {
        try {
            UTF_8.newDecoder().decode(bytes);
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** Those parts of MessagePack that Redis makes of strings, integers and arrays of strings. */
    private static final class Reader {

        private static final int FIX_ARRAY = 0x90;
        private static final int FIX_STRING = 0xa0;
        private static final int NIL = 0xc0;
        private static final int NEGATIVE_FIX_INTEGER = 0xe0;

        private final byte[] in;
        private int at;

        Reader(byte[] in) {
            this.in = in;
        }

        long integer() {
            int type = (int) unsigned(1);
            if (type < 0x80) {
                return type;
            }
            if (type >= NEGATIVE_FIX_INTEGER) {
                return (byte) type;
            }
            return switch (type) {
                case 0xcc -> unsigned(1);
                case 0xcd -> unsigned(2);
                case 0xce -> unsigned(4);
                case 0xcf, 0xd3 -> unsigned(8);
                case 0xd0 -> (byte) unsigned(1);
                case 0xd1 -> (short) unsigned(2);
                case 0xd2 -> (int) unsigned(4);
                default -> throw unexpected(type, "an integer");
            };
        }

        boolean isString() {
            int type = in[at] & 0xff;
            return (type >= FIX_STRING && type < NIL) || (type >= 0xd9 && type <= 0xdb);
        }

        int arrayLength() {
            int type = (int) unsigned(1);
            if (type >= FIX_ARRAY && type < FIX_STRING) {
                return type - FIX_ARRAY;
            }
            return switch (type) {
                case 0xdc -> (int) unsigned(2);
                case 0xdd -> (int) unsigned(4);
                default -> throw unexpected(type, "an array");
            };
        }

        /** Null if it is not UTF-8. */
        @Nullable
        String string() {
            int length = stringLength();
            at += length;
            return utf8(in, at - length, length);
        }

        private int stringLength() {
            int type = (int) unsigned(1);
            if (type >= FIX_STRING && type < NIL) {
                return type - FIX_STRING;
            }
            return switch (type) {
                case 0xd9 -> (int) unsigned(1);
                case 0xda -> (int) unsigned(2);
                case 0xdb -> (int) unsigned(4);
                default -> throw unexpected(type, "a string");
            };
        }

        private long unsigned(int bytes) {
            long value = 0;
            for (int i = 0; i < bytes; i++) {
                value = (value << 8) | (in[at++] & 0xff);
            }
            return value;
        }

        private static IllegalStateException unexpected(int type, String expected) {
            return new IllegalStateException("load.lua: type 0x%02x (expected: %s)".formatted(type, expected));
        }
    }
}

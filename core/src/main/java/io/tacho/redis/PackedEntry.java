// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.codec.MessagePack;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.MalformedSnapshotException;
import io.tacho.model.MalformedSnapshotException.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node's entry as returned by {@code load.lua}: MessagePack of its PTTL and its fields.
 *
 * @param remainingMillis the remaining TTL in Redis; negative if there is no TTL or no key
 * @param fields the hash; empty where there is none
 * @param problem why the fields could not be had; null where they could
 */
record PackedEntry(
        long remainingMillis,
        Map<String, String> fields,
        @Nullable String problem) {

    /** The reply of PTTL if there is no key. */
    private static final long KEY_IS_MISSING = -2;

    private static final String TOO_LARGE = "TOOLARGE";

    /** The replacement character for invalid UTF-8; valid text may contain it too. */
    private static final char REPLACEMENT = '\uFFFD';

    /** Fields that are no text are left out: of this version they are not. */
    static PackedEntry of(byte[] packed) {
        MessagePack reader = new MessagePack(packed);
        long remainingMillis = reader.integer();
        if (reader.isString()) {
            return new PackedEntry(remainingMillis, Map.of(), text(reader));
        }
        int strings = reader.arrayLength();
        Map<String, String> fields = new LinkedHashMap<>(strings);
        for (int i = 0; i < strings; i += 2) {
            String field = text(reader);
            String value = text(reader);
            if (field != null && value != null) {
                fields.put(field, value);
            }
        }
        return new PackedEntry(remainingMillis, fields, null);
    }

    /** {@return the fields of a hash as they are; null if there is no hash with a TTL} */
    static @Nullable Map<String, byte[]> bytes(byte[] packed) {
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
        return fields;
    }

    /** Null if it is not UTF-8. */
    private static @Nullable String text(MessagePack reader) {
        byte[] bytes = reader.bytes();
        return utf8(bytes, 0, bytes.length);
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
}

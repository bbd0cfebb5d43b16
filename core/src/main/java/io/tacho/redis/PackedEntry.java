// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tacho.codec.MessagePack;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.MalformedSnapshotException;
import io.tacho.model.MalformedSnapshotException.Reason;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node's entry as returned by {@code load.lua}: MessagePack of its PTTL and its fields.
 *
 * @param remainingMillis the remaining TTL in Redis; negative if there is no TTL or no key
 * @param fields a reader of the hash, empty where there is none; not to be read if there is a problem
 * @param problem why the fields could not be had; null where they could
 */
record PackedEntry(
        long remainingMillis, MessagePack fields, @Nullable String problem) {

    /** The reply of PTTL if there is no key. */
    private static final long KEY_IS_MISSING = -2;

    private static final String TOO_LARGE = "TOOLARGE";

    static PackedEntry of(byte[] packed) {
        MessagePack reader = new MessagePack(packed);
        long remainingMillis = reader.integer();
        return new PackedEntry(remainingMillis, reader, reader.isString() ? reader.text() : null);
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
}

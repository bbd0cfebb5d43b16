// SPDX-License-Identifier: Apache-2.0
package io.tacho.sketch;

import java.nio.charset.StandardCharsets;

/** The hash function MurmurHash64A with the seed of Redis' HyperLogLog, over texts in UTF-8. It allocates nothing for ASCII. */
final class MurmurHash64A {

    private static final long SEED = 0xadc83b19L;
    private static final long MULTIPLIER = 0xc6a4a7935bd1e995L;
    private static final int SHIFT = 47;

    private MurmurHash64A() {}

    static long hash(String text) {
        int length = text.length();
        long hash = SEED ^ (length * MULTIPLIER);
        int at = 0;
        for (; at + Long.BYTES <= length; at += Long.BYTES) {
            long word = 0;
            for (int i = 0; i < Long.BYTES; i++) {
                char c = text.charAt(at + i);
                if (c > 127) {
                    return hash(text.getBytes(StandardCharsets.UTF_8));
                }
                word |= (long) c << (Byte.SIZE * i);
            }
            hash = (hash ^ mixed(word)) * MULTIPLIER;
        }
        long tail = 0;
        for (int i = 0; at + i < length; i++) {
            char c = text.charAt(at + i);
            if (c > 127) {
                return hash(text.getBytes(StandardCharsets.UTF_8));
            }
            tail |= (long) c << (Byte.SIZE * i);
        }
        return finished(at == length ? hash : (hash ^ tail) * MULTIPLIER);
    }

    static long hash(byte[] bytes) {
        long hash = SEED ^ (bytes.length * MULTIPLIER);
        for (int at = 0; at < bytes.length; at += Long.BYTES) {
            int size = Math.min(Long.BYTES, bytes.length - at);
            long word = 0;
            for (int i = 0; i < size; i++) {
                word |= (bytes[at + i] & 0xFFL) << (Byte.SIZE * i);
            }
            hash = (hash ^ (size == Long.BYTES ? mixed(word) : word)) * MULTIPLIER;
        }
        return finished(hash);
    }

    private static long mixed(long word) {
        long product = word * MULTIPLIER;
        return (product ^ (product >>> SHIFT)) * MULTIPLIER;
    }

    private static long finished(long hash) {
        long product = (hash ^ (hash >>> SHIFT)) * MULTIPLIER;
        return product ^ (product >>> SHIFT);
    }
}

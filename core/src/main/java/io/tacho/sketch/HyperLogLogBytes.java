// SPDX-License-Identifier: Apache-2.0
package io.tacho.sketch;

import static io.tacho.sketch.HyperLogLog.MAX_RANK;
import static io.tacho.sketch.HyperLogLog.REGISTERS;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The form in which Redis stores a HyperLogLog. It has a header of 16 bytes: {@code HYLL}, the encoding, three bytes that are not
 * used, and a number of ids that Redis has computed before, with its highest bit set if it is out of date.
 *
 * <p>The dense encoding (0) has six bits for each register, the first in the lowest bits. The sparse one (1) has runs of equal
 * registers: {@code 00nnnnnn} are n + 1 zeros, {@code 01nnnnnn nnnnnnnn} likewise, and {@code 1vvvvvnn} are n + 1 registers of v +
 * 1. This class writes the shorter of them, and sparse runs from left to right, each as long as possible.
 */
final class HyperLogLogBytes {

    private static final byte[] MAGIC = "HYLL".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER = 16;
    private static final int ENCODING_AT = 4;
    private static final int OUT_OF_DATE_AT = 15;
    private static final int BITS = 6;
    private static final int DENSE_BYTES = HEADER + REGISTERS * BITS / Byte.SIZE;

    private static final int MAX_ZEROS = 64;
    private static final int MAX_SPARSE_RANK = 32;
    private static final int MAX_EQUAL = 4;

    private HyperLogLogBytes() {}

    /** @throws IllegalArgumentException stating the found and the expected value */
    static void validate(byte[] bytes) {
        if (bytes.length < HEADER || !Arrays.equals(MAGIC, 0, MAGIC.length, bytes, 0, MAGIC.length)) {
            throw new IllegalArgumentException(
                    "sketch: " + bytes.length + " bytes (expected: a HyperLogLog of Redis, which begins with HYLL)");
        }
        switch (bytes[ENCODING_AT]) {
            case 0 -> validateDense(bytes);
            case 1 -> validateSparse(bytes);
            default ->
                throw new IllegalArgumentException(
                        "sketch: encoding " + bytes[ENCODING_AT] + " (expected: 0 or 1, dense or sparse)");
        }
    }

    private static void validateDense(byte[] bytes) {
        if (bytes.length != DENSE_BYTES) {
            throw new IllegalArgumentException(
                    "sketch: " + bytes.length + " bytes (expected: " + DENSE_BYTES + " in the dense encoding)");
        }
        for (int register = 0, at = HEADER; register < REGISTERS; register += 4, at += 3) {
            int four = four(bytes, at);
            for (int i = 0; i < 4; i++) {
                if (rank(four, i) > MAX_RANK) {
                    throw new IllegalArgumentException("sketch: register " + (register + i) + " is " + rank(four, i)
                            + " (expected: at most " + MAX_RANK + ")");
                }
            }
        }
    }

    private static void validateSparse(byte[] bytes) {
        int registers = 0;
        for (int at = HEADER; at < bytes.length && registers <= REGISTERS; at += size(bytes[at])) {
            if (at + size(bytes[at]) > bytes.length) {
                throw new IllegalArgumentException("sketch: the last run lacks a byte (expected: two)");
            }
            registers += run(bytes, at);
        }
        if (registers != REGISTERS) {
            throw new IllegalArgumentException(
                    "sketch: runs of " + registers + " registers or more (expected: " + REGISTERS + ")");
        }
    }

    /** The size of the run that begins with this byte. */
    private static int size(byte first) {
        return (first & 0xC0) == 0x40 ? 2 : 1;
    }

    /** The number of registers in a run. */
    private static int run(byte[] bytes, int at) {
        byte first = bytes[at];
        if (first < 0) {
            return (first & 3) + 1;
        }
        return (size(first) == 2 ? ((first & 0x3F) << Byte.SIZE) | (bytes[at + 1] & 0xFF) : first) + 1;
    }

    /** Raises the registers to those of valid bytes. */
    static void addTo(byte[] ranks, byte[] bytes) {
        if (bytes[ENCODING_AT] == 0) {
            for (int register = 0, at = HEADER; register < REGISTERS; register += 4, at += 3) {
                int four = four(bytes, at);
                for (int i = 0; i < 4; i++) {
                    ranks[register + i] = (byte) Math.max(ranks[register + i], rank(four, i));
                }
            }
            return;
        }
        int register = 0;
        for (int at = HEADER; at < bytes.length; at += size(bytes[at])) {
            int end = register + run(bytes, at);
            if (bytes[at] < 0) {
                byte rank = (byte) (((bytes[at] >> 2) & 0x1F) + 1);
                for (int i = register; i < end; i++) {
                    ranks[i] = (byte) Math.max(ranks[i], rank);
                }
            }
            register = end;
        }
    }

    /** Four registers of the dense encoding, in three bytes. */
    private static int four(byte[] dense, int at) {
        return (dense[at] & 0xFF) | ((dense[at + 1] & 0xFF) << 8) | ((dense[at + 2] & 0xFF) << 16);
    }

    private static int rank(int four, int i) {
        return (four >> (BITS * i)) & 0x3F;
    }

    static byte[] write(byte[] ranks) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(64);
        out.writeBytes(MAGIC);
        out.write(1);
        out.writeBytes(new byte[HEADER - ENCODING_AT - 1]);
        for (int register = 0; register < REGISTERS && out.size() < DENSE_BYTES; ) {
            int rank = ranks[register];
            if (rank > MAX_SPARSE_RANK) {
                return dense(ranks);
            }
            int longest = Math.min(REGISTERS, rank == 0 ? REGISTERS : register + MAX_EQUAL);
            int end = register + 1;
            while (end < longest && ranks[end] == rank) {
                end++;
            }
            int more = end - register - 1;
            if (rank > 0) {
                out.write(0x80 | ((rank - 1) << 2) | more);
            } else if (more < MAX_ZEROS) {
                out.write(more);
            } else {
                out.write(0x40 | (more >> Byte.SIZE));
                out.write(more);
            }
            register = end;
        }
        if (out.size() >= DENSE_BYTES) {
            return dense(ranks);
        }
        byte[] sparse = out.toByteArray();
        // Redis knows that a single run of zeros has no ids
        sparse[OUT_OF_DATE_AT] = (byte) (sparse.length == HEADER + 2 ? 0 : 0x80);
        return sparse;
    }

    private static byte[] dense(byte[] ranks) {
        byte[] bytes = Arrays.copyOf(MAGIC, DENSE_BYTES);
        bytes[OUT_OF_DATE_AT] = (byte) 0x80;
        for (int register = 0, at = HEADER; register < REGISTERS; register += 4, at += 3) {
            int four = 0;
            for (int i = 0; i < 4; i++) {
                four |= ranks[register + i] << (BITS * i);
            }
            bytes[at] = (byte) four;
            bytes[at + 1] = (byte) (four >> 8);
            bytes[at + 2] = (byte) (four >> 16);
        }
        return bytes;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics.deflate;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Writes bits as Deflate orders them, from the lowest bit of each byte on.
 *
 * <p>Thread safety: confined to one thread.
 */
final class BitOutput {

    /** The most bits of one call: fewer than eight pending ones fit into the same word. */
    static final int MAX_BITS = Long.SIZE - Byte.SIZE;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final OutputStream out;
    private final byte[] pending = new byte[16 * 1024];
    private int pendingSize;
    /** Fewer than eight between calls. */
    private long bits;

    private int bitCount;

    BitOutput(OutputStream out) {
        this.out = out;
    }

    /**
     * Writes up to {@link #MAX_BITS} bits. A whole word is stored without regard to how many of its bytes are complete: this takes
     * less time than a branch.
     *
     * @param value has no other bits
     */
    void put(long value, int count) throws IOException {
        if (pendingSize > pending.length - Long.BYTES) {
            flushPending();
        }
        long all = bits | (value << bitCount);
        int size = bitCount + count;
        LONGS.set(pending, pendingSize, all);
        pendingSize += size / Byte.SIZE;
        bits = all >>> (size & -Byte.SIZE);
        bitCount = size % Byte.SIZE;
    }

    /** Writes a code of {@link HuffmanCode#code}. */
    void putSymbol(int code) throws IOException {
        put(HuffmanCode.bits(code), HuffmanCode.length(code));
    }

    /** Writes bytes as literals, several at a time. */
    void putLiterals(HuffmanCode code, byte[] bytes, int from, int to) throws IOException {
        long collected = 0;
        int count = 0;
        for (int at = from; at < to; at++) {
            int symbol = code.code(bytes[at] & 0xFF);
            collected |= HuffmanCode.bits(symbol) << count;
            count += HuffmanCode.length(symbol);
            if (count > MAX_BITS - HuffmanCode.MAX_BITS) {
                put(collected, count);
                collected = 0;
                count = 0;
            }
        }
        put(collected, count);
    }

    /**
     * Writes bits of an array.
     *
     * @param source ordered as in the output; at least eight bytes longer than the bits
     */
    void putBits(byte[] source, int from, int to) throws IOException {
        for (int at = from; at < to; at += MAX_BITS) {
            int count = Math.min(MAX_BITS, to - at);
            long word = (long) LONGS.get(source, at / Byte.SIZE) >>> (at % Byte.SIZE);
            put(word & ((1L << count) - 1), count);
        }
    }

    /** Ends at a byte boundary, with an empty block without compression. */
    void align() throws IOException {
        put(0, 3);
        put(0, -bitCount & (Byte.SIZE - 1));
        put(0xFFFF_0000L, 32);
        flushPending();
    }

    private void flushPending() throws IOException {
        out.write(pending, 0, pendingSize);
        pendingSize = 0;
    }
}

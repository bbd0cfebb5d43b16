// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

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

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long INT_MASK = 0xFFFF_FFFFL;

    private final OutputStream out;
    private final byte[] pending = new byte[16 * 1024];
    private int pendingSize;
    /** Fewer than 32 between calls. */
    private long bits;

    private int bitCount;

    BitOutput(OutputStream out) {
        this.out = out;
    }

    /** Writes up to 32 bits. */
    void put(int value, int count) throws IOException {
        bits |= (value & INT_MASK) << bitCount;
        bitCount += count;
        if (bitCount >= Integer.SIZE) {
            flushInt();
        }
    }

    private void flushInt() throws IOException {
        if (pendingSize + Integer.BYTES > pending.length) {
            flushPending();
        }
        INTS.set(pending, pendingSize, (int) bits);
        pendingSize += Integer.BYTES;
        bits >>>= Integer.SIZE;
        bitCount -= Integer.SIZE;
    }

    /** Writes a code of {@link HuffmanCode#code}. */
    void putSymbol(int code) throws IOException {
        put(code & 0xFFFF, code >>> 16);
    }

    /** Writes bytes as literals. */
    void putLiterals(HuffmanCode code, byte[] bytes, int from, int to) throws IOException {
        long collected = bits;
        int count = bitCount;
        for (int at = from; at < to; at++) {
            int symbol = code.code(bytes[at] & 0xFF);
            collected |= (long) (symbol & 0xFFFF) << count;
            count += symbol >>> 16;
            if (count >= Integer.SIZE) {
                if (pendingSize + Integer.BYTES > pending.length) {
                    flushPending();
                }
                INTS.set(pending, pendingSize, (int) collected);
                pendingSize += Integer.BYTES;
                collected >>>= Integer.SIZE;
                count -= Integer.SIZE;
            }
        }
        bits = collected;
        bitCount = count;
    }

    /** Writes tokens as literals up to the first negative one; returns its index. Fields in the loop would take twice as long. */
    int putLiterals(HuffmanCode code, int[] tokens, int from, int to) throws IOException {
        long collected = bits;
        int count = bitCount;
        int at = from;
        while (at < to && tokens[at] >= 0) {
            int symbol = code.code(tokens[at++]);
            collected |= (long) (symbol & 0xFFFF) << count;
            count += symbol >>> 16;
            if (count >= Integer.SIZE) {
                if (pendingSize + Integer.BYTES > pending.length) {
                    flushPending();
                }
                INTS.set(pending, pendingSize, (int) collected);
                pendingSize += Integer.BYTES;
                collected >>>= Integer.SIZE;
                count -= Integer.SIZE;
            }
        }
        bits = collected;
        bitCount = count;
        return at;
    }

    /** Writes bits of an array, whose words have their first bit lowest. */
    void putBits(int[] words, int from, int to) throws IOException {
        int at = from;
        int offset = at & (Integer.SIZE - 1);
        if (offset != 0 && at < to) {
            int count = Math.min(Integer.SIZE - offset, to - at);
            put((words[at >>> 5] >>> offset) & (int) ((1L << count) - 1), count);
            at += count;
        }
        for (; at + Integer.SIZE <= to; at += Integer.SIZE) {
            put(words[at >>> 5], Integer.SIZE);
        }
        if (at < to) {
            put(words[at >>> 5] & (int) ((1L << (to - at)) - 1), to - at);
        }
    }

    /** Ends at a byte boundary, with an empty block without compression. */
    void align() throws IOException {
        put(0, 3);
        put(0, -bitCount & (Byte.SIZE - 1));
        put(0, 16);
        put(0xFFFF, 16);
        while (bitCount > 0) {
            if (pendingSize == pending.length) {
                flushPending();
            }
            pending[pendingSize++] = (byte) bits;
            bits >>>= Byte.SIZE;
            bitCount -= Byte.SIZE;
        }
        flushPending();
    }

    private void flushPending() throws IOException {
        out.write(pending, 0, pendingSize);
        pendingSize = 0;
    }
}

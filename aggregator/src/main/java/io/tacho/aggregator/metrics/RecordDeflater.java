// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Compresses records, such as the lines of a family, to blocks of the deflate format (RFC 1951).
 *
 * <p><b>Why not zlib.</b> Consecutive samples of a family differ in their uid and their number. zlib searches for matches by
 * hashes of every position, and takes six times as long as writing the page. Here the only candidate is the same place in the
 * record before, which finds nearly all that zlib finds.
 *
 * <p>Thread safety: confined to one thread.
 */
final class RecordDeflater {

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int MIN_MATCH = Integer.BYTES;
    private static final int MAX_MATCH = 258;
    private static final int MAX_DISTANCE = 32_768;
    private static final int BLOCK_TOKENS = 64 * 1024;

    private static final int END_OF_BLOCK = 256;
    private static final int LITERALS = 286;
    private static final int DISTANCES = 30;
    private static final int SYMBOL_BITS = 4;
    private static final int CODE_LENGTHS = 19;
    private static final int[] EXTRA = {16, 17, 18};

    /** Of each length of a match its symbol. */
    private static final int[] LENGTH_SYMBOLS = new int[MAX_MATCH + 1];

    private static final int[] LENGTH_BASES = new int[LITERALS];
    private static final int[] LENGTH_EXTRA_BITS = new int[LITERALS];

    static {
        int length = 3;
        for (int symbol = 257; symbol < LITERALS - 1; symbol++) {
            int extra = Math.max(0, (symbol - 261) / 4);
            LENGTH_BASES[symbol] = length;
            LENGTH_EXTRA_BITS[symbol] = extra;
            int next = Math.min(length + (1 << extra), MAX_MATCH);
            Arrays.fill(LENGTH_SYMBOLS, length, next, symbol);
            length = next;
        }
        LENGTH_SYMBOLS[MAX_MATCH] = LITERALS - 1;
        LENGTH_BASES[LITERALS - 1] = MAX_MATCH;
    }

    private final OutputStream out;
    private int[] tokens = new int[BLOCK_TOKENS];
    private final int[] literals = new int[LITERALS];
    private final int[] distances = new int[DISTANCES];
    private int size;

    private final byte[] pending = new byte[16 * 1024];
    private int pendingSize;
    private long bits;
    private int bitCount;

    RecordDeflater(OutputStream out) {
        this.out = out;
    }

    /**
     * Compresses records; the output ends at a byte boundary.
     *
     * @param ends the end of each record; the first one starts at 0
     * @param stride how many records before a similar one is
     */
    void write(byte[] bytes, int[] ends, int records, int stride) throws IOException {
        for (int record = 0; record < records; record++) {
            int start = record == 0 ? 0 : ends[record - 1];
            int similar = record < stride ? -1 : record == stride ? 0 : ends[record - stride - 1];
            tokenize(bytes, start, ends[record], similar < 0 ? 0 : start - similar);
        }
        writeBlock();
        align();
    }

    private void tokenize(byte[] bytes, int start, int end, int distance) throws IOException {
        if (size + end - start > BLOCK_TOKENS) {
            writeBlock();
        }
        if (end - start > tokens.length) {
            tokens = new int[end - start];
        }
        boolean comparable = distance > 0 && distance <= MAX_DISTANCE;
        int lastMatch = comparable ? end - MIN_MATCH : -1;
        int next = size;
        int at = start;
        while (at < end) {
            if (at <= lastMatch && (int) INTS.get(bytes, at) == (int) INTS.get(bytes, at - distance)) {
                int length = matchLength(bytes, at, Math.min(end, at + MAX_MATCH), distance);
                tokens[next++] = -((length << 16) | distance);
                literals[LENGTH_SYMBOLS[length]]++;
                distances[distanceSymbol(distance)]++;
                at += length;
            } else {
                int literal = bytes[at++] & 0xFF;
                tokens[next++] = literal;
                literals[literal]++;
            }
        }
        size = next;
    }

    private static int matchLength(byte[] bytes, int from, int limit, int distance) {
        int at = from + MIN_MATCH;
        while (at + Long.BYTES <= limit) {
            long difference = (long) LONGS.get(bytes, at) ^ (long) LONGS.get(bytes, at - distance);
            if (difference != 0) {
                return at - from + Long.numberOfTrailingZeros(difference) / Byte.SIZE;
            }
            at += Long.BYTES;
        }
        while (at < limit && bytes[at] == bytes[at - distance]) {
            at++;
        }
        return at - from;
    }

    /** Returns the symbol of a distance: two for each power of two. */
    private static int distanceSymbol(int distance) {
        if (distance < 3) {
            return distance - 1;
        }
        int exponent = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(distance - 1);
        return 2 * exponent + (((distance - 1) >>> (exponent - 1)) & 1);
    }

    private static int distanceExtraBits(int symbol) {
        return Math.max(0, symbol / 2 - 1);
    }

    private void writeBlock() throws IOException {
        if (size == 0) {
            return;
        }
        literals[END_OF_BLOCK]++;
        // a code needs two symbols
        literals[0]++;
        distances[0]++;
        distances[1]++;
        HuffmanCode literalCode = new HuffmanCode(literals);
        HuffmanCode distanceCode = new HuffmanCode(distances);
        writeHead(literalCode, distanceCode);
        int written = 0;
        while (written < size) {
            written = writeLiterals(literalCode, written);
            if (written < size) {
                int match = -tokens[written++];
                writeMatch(literalCode, distanceCode, match >>> 16, match & 0xFFFF);
            }
        }
        putSymbol(literalCode.code(END_OF_BLOCK));
        Arrays.fill(literals, 0);
        Arrays.fill(distances, 0);
        size = 0;
    }

    /** Writes literals up to the next match, and returns its index; without fields in the loop, which takes half of the time. */
    private int writeLiterals(HuffmanCode code, int from) throws IOException {
        long collected = bits;
        int count = bitCount;
        int at = from;
        while (at < size && tokens[at] >= 0) {
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

    private void putSymbol(int code) throws IOException {
        put(code & 0xFFFF, code >>> 16);
    }

    /** Writes a block's head with dynamic codes, in which every length of a code takes four bits. */
    private void writeHead(HuffmanCode literalCode, HuffmanCode distanceCode) throws IOException {
        put(0b100, 3);
        put(LITERALS - 257, 5);
        put(DISTANCES - 1, 5);
        put(CODE_LENGTHS - SYMBOL_BITS, 4);
        // the lengths of the code of the lengths; those of the three symbols for repetitions come first
        for (int i = 0; i < CODE_LENGTHS; i++) {
            put(i < EXTRA.length ? 0 : SYMBOL_BITS, 3);
        }
        for (int length : literalCode.lengths) {
            put(Integer.reverse(length) >>> (Integer.SIZE - SYMBOL_BITS), SYMBOL_BITS);
        }
        for (int length : distanceCode.lengths) {
            put(Integer.reverse(length) >>> (Integer.SIZE - SYMBOL_BITS), SYMBOL_BITS);
        }
    }

    private void writeMatch(HuffmanCode literalCode, HuffmanCode distanceCode, int length, int distance)
            throws IOException {
        int symbol = LENGTH_SYMBOLS[length];
        putSymbol(literalCode.code(symbol));
        put(length - LENGTH_BASES[symbol], LENGTH_EXTRA_BITS[symbol]);
        int distanceSymbol = distanceSymbol(distance);
        putSymbol(distanceCode.code(distanceSymbol));
        int extra = distanceExtraBits(distanceSymbol);
        put((distance - 1) & ((1 << extra) - 1), extra);
    }

    private void put(int value, int count) throws IOException {
        bits |= (long) value << bitCount;
        bitCount += count;
        if (bitCount >= Integer.SIZE) {
            if (pendingSize + Integer.BYTES > pending.length) {
                flushPending();
            }
            INTS.set(pending, pendingSize, (int) bits);
            pendingSize += Integer.BYTES;
            bits >>>= Integer.SIZE;
            bitCount -= Integer.SIZE;
        }
    }

    /** Ends at a byte boundary, with an empty block without compression. */
    private void align() throws IOException {
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

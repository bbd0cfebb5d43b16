// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

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

    /** The symbols of matches of 35 bytes and more, and of distances from 33 to 512: those of samples. */
    private static final int FIRST_USUAL_LENGTH = 273;

    private static final int FIRST_USUAL_DISTANCE = 10;
    private static final int LAST_USUAL_DISTANCE = 18;

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

    private final BitOutput out;
    private int[] tokens = new int[BLOCK_TOKENS];
    private final int[] literals = new int[LITERALS];
    private final int[] distances = new int[DISTANCES];
    private int size;

    /** The codes of all samples after the first family; null before it. */
    private @Nullable HuffmanCode sampleCode;

    private HuffmanCode sampleDistances = spread(0, DISTANCES);
    private @Nullable LabelBits labels;

    RecordDeflater(OutputStream out) {
        this.out = new BitOutput(out);
    }

    /**
     * Compresses records; the output ends at a byte boundary.
     *
     * @param stride how many records before a similar one is
     */
    void write(byte[] bytes, Records records, int stride) throws IOException {
        boolean areSamples = records.count() > 0 && records.node(0) != Records.NO_NODE;
        LabelBits known = labels;
        HuffmanCode code = sampleCode;
        if (areSamples && known != null && code != null) {
            writeSamples(bytes, records, stride, code, known);
            return;
        }
        for (int record = 0; record < records.count(); record++) {
            tokenize(bytes, records.start(record), records.end(record), distance(records, record, stride));
        }
        if (areSamples) {
            learn();
        }
        writeBlock();
        out.align();
    }

    /** Returns how far before a record the similar one starts; 0 if there is none. */
    private static int distance(Records records, int record, int stride) {
        int distance = record < stride ? 0 : records.start(record) - records.start(record - stride);
        return distance <= MAX_DISTANCE ? distance : 0;
    }

    /**
     * Chooses the codes of all further samples, so that labels are compressed once: literals occur as in the last block. Names of
     * families, and so the lengths of matches and records, differ.
     */
    private void learn() {
        int[] frequencies = literals.clone();
        int matches = 0;
        for (int symbol = END_OF_BLOCK + 1; symbol < LITERALS; symbol++) {
            matches += frequencies[symbol];
        }
        Arrays.fill(frequencies, FIRST_USUAL_LENGTH, LITERALS, matches / (LITERALS - FIRST_USUAL_LENGTH));
        for (int symbol = 0; symbol < LITERALS; symbol++) {
            frequencies[symbol]++;
        }
        HuffmanCode code = new HuffmanCode(frequencies);
        sampleCode = code;
        sampleDistances = spread(FIRST_USUAL_DISTANCE, LAST_USUAL_DISTANCE);
        labels = new LabelBits(code);
    }

    /** Returns a code in which distances of some symbols are usual. */
    private static HuffmanCode spread(int from, int to) {
        int[] frequencies = new int[DISTANCES];
        Arrays.fill(frequencies, 1);
        Arrays.fill(frequencies, from, to, DISTANCES);
        return new HuffmanCode(frequencies);
    }

    /** Writes samples in one step: what the similar one begins with, the compressed labels, and the rest as literals. */
    private void writeSamples(byte[] bytes, Records records, int stride, HuffmanCode code, LabelBits known)
            throws IOException {
        writeHead(code, sampleDistances);
        for (int record = 0; record < records.count(); record++) {
            int labelStart = records.labelStart(record);
            int labelEnd = records.labelEnd(record);
            int at = records.start(record);
            int distance = distance(records, record, stride);
            if (!matches(bytes, at, distance, labelEnd)) {
                out.putLiterals(code, bytes, at, labelStart);
                at = labelStart;
                distance = distance == 0 ? 0 : labelStart - records.labelStart(record - stride);
            }
            if (matches(bytes, at, distance, labelEnd)) {
                int length = matchLength(bytes, at, Math.min(labelEnd, at + MAX_MATCH), distance);
                writeMatch(code, sampleDistances, length, distance);
                at += length;
            }
            out.putLiterals(code, bytes, at, labelStart);
            at = Math.max(at, labelStart);
            int node = records.node(record);
            known.add(node, bytes, labelStart, labelEnd);
            int middle = records.middle(record);
            int middleDistance = distance == 0 ? 0 : middle - records.middle(record - stride);
            if (at <= middle && matches(bytes, middle, middleDistance, labelEnd)) {
                known.write(node, at - labelStart, middle - labelStart, out);
                int length = matchLength(bytes, middle, Math.min(labelEnd, middle + MAX_MATCH), middleDistance);
                writeMatch(code, sampleDistances, length, middleDistance);
                at = middle + length;
            }
            known.write(node, at - labelStart, labelEnd - labelStart, out);
            out.putLiterals(code, bytes, labelEnd, records.end(record));
        }
        out.putSymbol(code.code(END_OF_BLOCK));
        out.align();
    }

    private static boolean matches(byte[] bytes, int at, int distance, int end) {
        return distance > 0
                && distance <= MAX_DISTANCE
                && at + MIN_MATCH <= end
                && (int) INTS.get(bytes, at) == (int) INTS.get(bytes, at - distance);
    }

    private void tokenize(byte[] bytes, int start, int end, int distance) throws IOException {
        if (size + end - start > BLOCK_TOKENS) {
            writeBlock();
        }
        if (end - start > tokens.length) {
            tokens = new int[end - start];
        }
        int lastMatch = distance > 0 ? end - MIN_MATCH : -1;
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
            written = out.putLiterals(literalCode, tokens, written, size);
            if (written < size) {
                int match = -tokens[written++];
                writeMatch(literalCode, distanceCode, match >>> 16, match & 0xFFFF);
            }
        }
        out.putSymbol(literalCode.code(END_OF_BLOCK));
        Arrays.fill(literals, 0);
        Arrays.fill(distances, 0);
        size = 0;
    }

    /** Writes a block's head with dynamic codes, in which every length of a code takes four bits. */
    private void writeHead(HuffmanCode literalCode, HuffmanCode distanceCode) throws IOException {
        out.put(0b100, 3);
        out.put(LITERALS - 257, 5);
        out.put(DISTANCES - 1, 5);
        out.put(CODE_LENGTHS - SYMBOL_BITS, 4);
        // the lengths of the code of the lengths; those of the three symbols for repetitions come first
        for (int i = 0; i < CODE_LENGTHS; i++) {
            out.put(i < EXTRA.length ? 0 : SYMBOL_BITS, 3);
        }
        for (int length : literalCode.lengths) {
            out.put(Integer.reverse(length) >>> (Integer.SIZE - SYMBOL_BITS), SYMBOL_BITS);
        }
        for (int length : distanceCode.lengths) {
            out.put(Integer.reverse(length) >>> (Integer.SIZE - SYMBOL_BITS), SYMBOL_BITS);
        }
    }

    private void writeMatch(HuffmanCode literalCode, HuffmanCode distanceCode, int length, int distance)
            throws IOException {
        int symbol = LENGTH_SYMBOLS[length];
        out.putSymbol(literalCode.code(symbol));
        out.put(length - LENGTH_BASES[symbol], LENGTH_EXTRA_BITS[symbol]);
        int distanceSymbol = distanceSymbol(distance);
        out.putSymbol(distanceCode.code(distanceSymbol));
        int extra = distanceExtraBits(distanceSymbol);
        out.put((distance - 1) & ((1 << extra) - 1), extra);
    }
}

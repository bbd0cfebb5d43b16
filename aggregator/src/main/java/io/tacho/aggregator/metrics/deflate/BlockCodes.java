// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics.deflate;

import java.io.IOException;
import java.util.Arrays;

/**
 * The two codes of a compressed block (RFC 1951, 3.2.5 and 3.2.7).
 *
 * @param literals of literals and the lengths of matches
 * @param distances of the distances of matches
 */
record BlockCodes(HuffmanCode literals, HuffmanCode distances) {

    static final int MIN_MATCH = 3;
    static final int MAX_MATCH = 258;
    static final int MAX_DISTANCE = 32_768;
    static final int END_OF_BLOCK = 256;
    static final int LITERALS = 286;
    static final int DISTANCES = 30;

    private static final int SYMBOL_BITS = 4;
    private static final int CODE_LENGTHS = 19;
    private static final int EXTRA = 3;

    /** Of each length of a match its symbol. */
    private static final int[] LENGTH_SYMBOLS = new int[MAX_MATCH + 1];

    private static final int[] LENGTH_BASES = new int[LITERALS];
    private static final int[] LENGTH_EXTRA_BITS = new int[LITERALS];

    static {
        int length = MIN_MATCH;
        for (int symbol = END_OF_BLOCK + 1; symbol < LITERALS - 1; symbol++) {
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

    /** Returns the symbol of a length of a match, which has further bits. */
    static int lengthSymbol(int length) {
        return LENGTH_SYMBOLS[length];
    }

    /** Returns the symbol of a distance, which has further bits. */
    static int distanceSymbol(int distance) {
        if (distance < 3) {
            return distance - 1;
        }
        int exponent = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(distance - 1);
        return 2 * exponent + (((distance - 1) >>> (exponent - 1)) & 1);
    }

    /** Writes a block's head with these codes, in which every length of a code takes four bits. */
    void writeHead(BitOutput out) throws IOException {
        out.put(0b100, 3);
        out.put(LITERALS - 257, 5);
        out.put(DISTANCES - 1, 5);
        out.put(CODE_LENGTHS - SYMBOL_BITS, 4);
        // the lengths of the code of the lengths; those of the three symbols for repetitions come first
        for (int i = 0; i < CODE_LENGTHS; i++) {
            out.put(i < EXTRA ? 0 : SYMBOL_BITS, 3);
        }
        for (int length : literals.lengths) {
            out.put(Integer.reverse(length) >>> (Integer.SIZE - SYMBOL_BITS), SYMBOL_BITS);
        }
        for (int length : distances.lengths) {
            out.put(Integer.reverse(length) >>> (Integer.SIZE - SYMBOL_BITS), SYMBOL_BITS);
        }
    }

    /** Writes that bytes are equal to those at a distance before them: at most 48 bits, all at once. */
    void writeMatch(BitOutput out, int length, int distance) throws IOException {
        int symbol = LENGTH_SYMBOLS[length];
        int code = literals.code(symbol);
        long bits = HuffmanCode.bits(code);
        int count = HuffmanCode.length(code);
        bits |= (long) (length - LENGTH_BASES[symbol]) << count;
        count += LENGTH_EXTRA_BITS[symbol];
        int distanceSymbol = distanceSymbol(distance);
        code = distances.code(distanceSymbol);
        bits |= HuffmanCode.bits(code) << count;
        count += HuffmanCode.length(code);
        int extra = Math.max(0, distanceSymbol / 2 - 1);
        bits |= (long) ((distance - 1) & ((1 << extra) - 1)) << count;
        out.put(bits, count + extra);
    }

    /** Writes the end of the block. */
    void writeEnd(BitOutput out) throws IOException {
        out.putSymbol(literals.code(END_OF_BLOCK));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics.deflate;

import java.util.Arrays;

/**
 * Huffman's code for the symbols of one block of a compressed page (RFC 1951, 3.2.2).
 *
 * <p>Thread safety: immutable.
 */
final class HuffmanCode {

    /** The length of the longest code. */
    static final int MAX_BITS = 15;

    private static final int LENGTH_SHIFT = 16;
    private static final int SYMBOL_BITS = 9;

    /** A symbol counts as at least one of this many; of fewer, if codes would be too long. */
    private static final int RAREST = 1 << 14;

    /** The length of the code of each symbol; 0 for unused symbols. */
    final int[] lengths;

    /** The code of each symbol, with its bits in the order in which they are written, and its length above them. */
    private final int[] codes;

    /** Creates a code for at most 512 symbols that occur so often; at least two occur. */
    HuffmanCode(int[] frequencies) {
        codes = new int[frequencies.length];
        lengths = new int[frequencies.length];
        int rarest = RAREST;
        while (!assignLengths(leaves(frequencies, rarest))) {
            rarest /= 2;
        }
        assignCodes();
    }

    /** Returns the used symbols, the rarest first: the frequency, and below it the symbol. */
    private static long[] leaves(int[] frequencies, int rarest) {
        long sum = 0;
        int used = 0;
        for (int frequency : frequencies) {
            sum += frequency;
            used += frequency > 0 ? 1 : 0;
        }
        long least = sum / rarest + 1;
        long[] leaves = new long[used];
        for (int symbol = frequencies.length - 1; symbol >= 0; symbol--) {
            if (frequencies[symbol] > 0) {
                leaves[--used] = (Math.max(frequencies[symbol], least) << SYMBOL_BITS) | symbol;
            }
        }
        Arrays.sort(leaves);
        return leaves;
    }

    /**
     * Joins the two rarest nodes until one is left. New nodes are never rarer than earlier ones, so they need no sorting.
     *
     * @return false if a code is too long
     */
    private boolean assignLengths(long[] leaves) {
        int count = leaves.length;
        long[] weights = new long[2 * count - 1];
        int[] parents = new int[2 * count - 1];
        for (int i = 0; i < count; i++) {
            weights[i] = leaves[i] >>> SYMBOL_BITS;
        }
        int leaf = 0;
        int inner = count;
        for (int next = count; next < weights.length; next++) {
            for (int child = 0; child < 2; child++) {
                boolean takesLeaf = leaf < count && (inner == next || weights[leaf] <= weights[inner]);
                int taken = takesLeaf ? leaf++ : inner++;
                weights[next] += weights[taken];
                parents[taken] = next;
            }
        }
        int[] depths = new int[weights.length];
        int longest = 0;
        for (int node = weights.length - 2; node >= 0; node--) {
            depths[node] = depths[parents[node]] + 1;
            longest = Math.max(longest, depths[node]);
            if (node < count) {
                lengths[(int) leaves[node] & ((1 << SYMBOL_BITS) - 1)] = depths[node];
            }
        }
        return longest <= MAX_BITS;
    }

    private void assignCodes() {
        int code = 0;
        for (int bits = 1; bits <= MAX_BITS; bits++) {
            for (int symbol = 0; symbol < lengths.length; symbol++) {
                if (lengths[symbol] == bits) {
                    codes[symbol] = (Integer.reverse(code++) >>> (Integer.SIZE - bits)) | (bits << LENGTH_SHIFT);
                }
            }
            code <<= 1;
        }
    }

    /** Returns the code of a symbol: its bits and its length. */
    int code(int symbol) {
        return codes[symbol];
    }

    /** Returns the bits of a code, to be written from the lowest one on. */
    static long bits(int code) {
        return code & ((1 << LENGTH_SHIFT) - 1);
    }

    /** Returns the number of bits of a code. */
    static int length(int code) {
        return code >>> LENGTH_SHIFT;
    }
}

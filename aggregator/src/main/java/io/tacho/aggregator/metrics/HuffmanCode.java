// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

/**
 * A prefix code for the symbols of one block of a compressed page (RFC 1951, 3.2.2). The length of a symbol's code is the logarithm
 * of its share, rounded up; codes are then shortened, frequent ones first, until the code is complete, as decoders require. This
 * takes less time than Huffman's algorithm and costs one or two percent in size.
 *
 * <p>Thread safety: confined to one thread.
 */
final class HuffmanCode {

    private static final int MAX_BITS = 15;

    /** A symbol counts as at least one of this many, so that no code is too long. */
    private static final int RAREST = 1 << 12;

    /** The code of each symbol with its bits in the order in which they are written, and its length; 0 for unused symbols. */
    final int[] codes;

    final int[] lengths;

    /** Creates a code for symbols that occur so often; at least two occur. */
    HuffmanCode(int[] frequencies) {
        codes = new int[frequencies.length];
        lengths = new int[frequencies.length];
        assignLengths(frequencies);
        assignCodes();
    }

    private void assignLengths(int[] frequencies) {
        long sum = 0;
        for (int frequency : frequencies) {
            sum += frequency;
        }
        long least = sum / RAREST + 1;
        long total = 0;
        for (int frequency : frequencies) {
            total += frequency == 0 ? 0 : Math.max(frequency, least);
        }
        int unused = 1 << MAX_BITS;
        for (int symbol = 0; symbol < lengths.length; symbol++) {
            if (frequencies[symbol] > 0) {
                lengths[symbol] = bits(total, Math.max(frequencies[symbol], least));
                unused -= share(symbol);
            }
        }
        while (unused > 0) {
            unused -= shortenOne(frequencies, unused);
        }
    }

    /** Returns the logarithm of total / part, rounded up, at least 1. */
    private static int bits(long total, long part) {
        int bits = 1;
        while ((part << bits) < total) {
            bits++;
        }
        return bits;
    }

    private int share(int symbol) {
        return 1 << (MAX_BITS - lengths[symbol]);
    }

    /** Shortens the code that gains most, and returns the share that it takes. The rarest one always fits. */
    private int shortenOne(int[] frequencies, int unused) {
        int best = -1;
        for (int symbol = 0; symbol < lengths.length; symbol++) {
            if (lengths[symbol] > 1
                    && share(symbol) <= unused
                    && (best < 0 || gain(frequencies, symbol) > gain(frequencies, best))) {
                best = symbol;
            }
        }
        int taken = share(best);
        lengths[best]--;
        return taken;
    }

    private long gain(int[] frequencies, int symbol) {
        return (long) frequencies[symbol] << lengths[symbol];
    }

    private void assignCodes() {
        int code = 0;
        for (int bits = 1; bits <= MAX_BITS; bits++) {
            for (int symbol = 0; symbol < lengths.length; symbol++) {
                if (lengths[symbol] == bits) {
                    codes[symbol] = Integer.reverse(code++) >>> (Integer.SIZE - bits);
                }
            }
            code <<= 1;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import java.io.IOException;
import java.util.Arrays;

/**
 * The labels of nodes, compressed once for all families of a page: literals of one code.
 *
 * <p>Thread safety: confined to one thread.
 */
final class LabelBits {

    private final HuffmanCode code;
    private int[] words = new int[1024];
    private int bits;
    /** Where each byte of a label begins in the bits, after the first bit of the label. */
    private char[] offsets = new char[1024];

    private int bytes;
    /** Of each node the index of its first byte in {@link #offsets}, and its first bit; -1 for unknown ones. */
    private int[] firstBytes = {};

    private int[] firstBits = {};

    LabelBits(HuffmanCode code) {
        this.code = code;
    }

    /** Writes the bytes of a known label from an index up to another one. */
    void write(int node, int from, int to, BitOutput out) throws IOException {
        int first = firstBytes[node];
        int firstBit = firstBits[node];
        out.putBits(words, firstBit + offsets[first + from], firstBit + offsets[first + to]);
    }

    /** Adds the label of a node, unless it is known. */
    void add(int node, byte[] from, int start, int end) {
        if (node >= firstBytes.length) {
            int known = firstBytes.length;
            firstBytes = Arrays.copyOf(firstBytes, Math.max(64, 2 * node));
            firstBits = Arrays.copyOf(firstBits, firstBytes.length);
            Arrays.fill(firstBytes, known, firstBytes.length, -1);
        }
        if (firstBytes[node] < 0) {
            compress(node, from, start, end);
        }
    }

    private void compress(int node, byte[] from, int start, int end) {
        firstBytes[node] = bytes;
        firstBits[node] = bits;
        int length = end - start;
        if (bytes + length + 1 > offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * offsets.length + length);
        }
        if ((bits >>> 5) + length + 2 > words.length) {
            words = Arrays.copyOf(words, 2 * words.length + length);
        }
        for (int at = start; at < end; at++) {
            offsets[bytes++] = (char) (bits - firstBits[node]);
            int symbol = code.code(from[at] & 0xFF);
            long value = (symbol & 0xFFFFL) << (bits & 31);
            words[bits >>> 5] |= (int) value;
            words[(bits >>> 5) + 1] |= (int) (value >>> 32);
            bits += symbol >>> 16;
        }
        offsets[bytes++] = (char) (bits - firstBits[node]);
    }
}

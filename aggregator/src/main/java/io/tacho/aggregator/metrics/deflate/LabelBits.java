// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics.deflate;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The labels of nodes, compressed once for all families of a page: literals of one code. Known of each is how much of it, and of the
 * part from its second label on, is equal to the beginning of the same part of the node before.
 *
 * <p>Thread safety: confined to one thread.
 */
final class LabelBits {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Longer matches would save little: with the name of a family they are at most as long as the format allows. */
    private static final int MAX_EQUAL = 128;

    /** Parts of a node's row: where its bits begin and end, without what is equal, and how long that is. */
    private static final int FIRST_FROM = 0;

    private static final int FIRST_TO = 1;
    private static final int SECOND_FROM = 2;
    private static final int SECOND_TO = 3;
    private static final int FIRST_EQUAL = 4;
    private static final int SECOND_EQUAL = 5;
    private static final int ROW = 6;

    private final HuffmanCode code;
    private byte[] bits = new byte[4096];
    private int bitCount;
    /** Of each node a row; it ends at bit 0 if the node is unknown. */
    private int[] rows = {};

    LabelBits(HuffmanCode code) {
        this.code = code;
    }

    boolean isKnown(int node) {
        return node * ROW < rows.length && rows[node * ROW + SECOND_TO] > 0;
    }

    /** {@return how many bytes the label begins with that are equal to those of the node before} */
    int firstEqual(int node) {
        return rows[node * ROW + FIRST_EQUAL];
    }

    /** {@return the same of the part from the second label on; 0 if they are too few for a match} */
    int secondEqual(int node) {
        return rows[node * ROW + SECOND_EQUAL];
    }

    /** Writes the bytes before the second label that are not equal. */
    void writeFirst(int node, BitOutput out) throws IOException {
        out.putBits(bits, rows[node * ROW + FIRST_FROM], rows[node * ROW + FIRST_TO]);
    }

    /** Writes the bytes from the second label on that are not equal. */
    void writeSecond(int node, BitOutput out) throws IOException {
        out.putBits(bits, rows[node * ROW + SECOND_FROM], rows[node * ROW + SECOND_TO]);
    }

    /** Adds the label of a node that is unknown, from a record that follows one of the node before. */
    void add(int node, byte[] bytes, Records records, int record, int previous) {
        if ((node + 1) * ROW > rows.length) {
            rows = Arrays.copyOf(rows, Math.max(64, 2 * (node + 1)) * ROW);
        }
        int middle = records.middle(record);
        int end = records.labelEnd(record);
        int first = equal(
                bytes, records.labelStart(record), middle, records.labelStart(previous), records.middle(previous));
        int second = equal(bytes, middle, end, records.middle(previous), records.labelEnd(previous));
        second = second < BlockCodes.MIN_MATCH ? 0 : second;
        int row = node * ROW;
        rows[row + FIRST_EQUAL] = first;
        rows[row + SECOND_EQUAL] = second;
        rows[row + FIRST_FROM] = bitCount;
        compress(bytes, records.labelStart(record) + first, middle);
        rows[row + FIRST_TO] = bitCount;
        rows[row + SECOND_FROM] = bitCount;
        compress(bytes, middle + second, end);
        rows[row + SECOND_TO] = bitCount;
    }

    private static int equal(byte[] bytes, int from, int to, int otherFrom, int otherTo) {
        int most = Math.min(MAX_EQUAL, Math.min(to - from, otherTo - otherFrom));
        int mismatch = Arrays.mismatch(bytes, from, from + most, bytes, otherFrom, otherFrom + most);
        return mismatch < 0 ? most : mismatch;
    }

    private void compress(byte[] bytes, int from, int to) {
        int most = (bitCount + (to - from) * HuffmanCode.MAX_BITS) / Byte.SIZE + 2 * Long.BYTES;
        if (most > bits.length) {
            bits = Arrays.copyOf(bits, 2 * most);
        }
        for (int at = from; at < to; at++) {
            int symbol = code.code(bytes[at] & 0xFF);
            int into = bitCount / Byte.SIZE;
            LONGS.set(bits, into, (long) LONGS.get(bits, into) | HuffmanCode.bits(symbol) << (bitCount % Byte.SIZE));
            bitCount += HuffmanCode.length(symbol);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics.deflate;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Compresses samples of nodes with codes that are known. A sample that follows one of the node before is written in one step: a match
 * with the name of the family and the begin of the label, the rest of the label, whose bits are known, and the value as literals.
 *
 * <p>Thread safety: confined to one thread.
 */
final class SampleDeflater {

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final BitOutput out;
    private final BlockCodes codes;
    private final LabelBits labels;

    SampleDeflater(BitOutput out, BlockCodes codes) {
        this.out = out;
        this.codes = codes;
        labels = new LabelBits(codes.literals());
    }

    /**
     * Writes a block.
     *
     * @param stride how many records before a similar one is
     */
    void write(byte[] bytes, Records records, int stride) throws IOException {
        codes.writeHead(out);
        for (int record = 0; record < records.count(); record++) {
            int previous = record - stride;
            if (previous < 0) {
                out.putLiterals(codes.literals(), bytes, records.start(record), records.end(record));
            } else {
                writeSample(bytes, records, record, previous);
            }
        }
        codes.writeEnd(out);
    }

    private void writeSample(byte[] bytes, Records records, int record, int previous) throws IOException {
        int start = records.start(record);
        int labelStart = records.labelStart(record);
        int middle = records.middle(record);
        int end = records.end(record);
        int distance = start - records.start(previous);
        int middleDistance = middle - records.middle(previous);
        int node = records.node(record);
        int length = labelStart - start;
        boolean isUsual = node > 0
                && records.node(previous) == node - 1
                && length <= BlockCodes.MAX_MATCH / 2
                && isPossible(distance)
                && isPossible(middleDistance)
                && Arrays.equals(
                        bytes, start, labelStart, bytes, records.start(previous), records.labelStart(previous));
        if (isUsual && !labels.isKnown(node)) {
            labels.add(node, bytes, records, record, previous);
        }
        if (!isUsual || length + labels.firstEqual(node) < BlockCodes.MIN_MATCH) {
            write(bytes, start, middle, distance);
            write(bytes, middle, end, middleDistance);
            return;
        }
        codes.writeMatch(out, length + labels.firstEqual(node), distance);
        labels.writeFirst(node, out);
        int second = labels.secondEqual(node);
        if (second > 0) {
            codes.writeMatch(out, second, middleDistance);
        }
        labels.writeSecond(node, out);
        out.putLiterals(codes.literals(), bytes, records.labelEnd(record), end);
    }

    /** After an empty record it is 0. */
    private static boolean isPossible(int distance) {
        return distance > 0 && distance <= BlockCodes.MAX_DISTANCE;
    }

    /** Writes bytes, of which some may begin those at a distance before. */
    private void write(byte[] bytes, int from, int to, int distance) throws IOException {
        int length = matchLength(bytes, from, to, distance);
        if (length > 0) {
            codes.writeMatch(out, length, distance);
        }
        out.putLiterals(codes.literals(), bytes, from + length, to);
    }

    /** Returns how many bytes are equal to those at a distance before; 0 if there are too few for a match. */
    static int matchLength(byte[] bytes, int from, int to, int distance) {
        if (!isPossible(distance)
                || from + Integer.BYTES > to
                || (int) INTS.get(bytes, from) != (int) INTS.get(bytes, from - distance)) {
            return 0;
        }
        int limit = Math.min(to, from + BlockCodes.MAX_MATCH);
        int at = from + Integer.BYTES;
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
}

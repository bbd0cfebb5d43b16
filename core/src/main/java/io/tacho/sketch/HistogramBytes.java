// SPDX-License-Identifier: Apache-2.0
package io.tacho.sketch;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * The serialized form of a {@link DurationHistogram}: a version byte, and unless the histogram is empty the maximum, the sum,
 * and for each bucket in use the number of unused buckets before it and its count, all of them unsigned LEB128.
 */
final class HistogramBytes {

    private static final int VERSION = 1;
    // of a histogram with all buckets in use and the largest counts
    private static final int MAX_BYTES = 2 + 2 * 8 + HistogramBuckets.COUNT * (1 + 8);

    private HistogramBytes() {}

    static byte[] write(int[] indexes, long[] counts, long sum, long max) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(16 + 3 * indexes.length);
        out.write(VERSION);
        if (indexes.length > 0) {
            writeNumber(out, max);
            writeNumber(out, sum);
        }
        int previous = -1;
        for (int i = 0; i < indexes.length; i++) {
            writeNumber(out, indexes[i] - previous - 1);
            writeNumber(out, counts[i]);
            previous = indexes[i];
        }
        return out.toByteArray();
    }

    private static void writeNumber(ByteArrayOutputStream out, long number) {
        long rest = number;
        while (rest > 0x7F) {
            out.write(((int) rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    static DurationHistogram read(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "histogram: " + bytes.length + " bytes (expected: at most " + MAX_BYTES + ")");
        }
        Reader in = new Reader(bytes);
        int version = in.next("version");
        if (version != VERSION) {
            throw new IllegalArgumentException("histogram: version " + version + " (expected: " + VERSION + ")");
        }
        if (in.atEnd()) {
            return DurationHistogram.EMPTY;
        }
        long max = in.number("max");
        long sum = in.number("sum");
        int[] indexes = new int[Math.min(HistogramBuckets.COUNT, in.remaining() / 2 + 1)];
        long[] counts = new long[indexes.length];
        int used = 0;
        long index = -1;
        while (!in.atEnd()) {
            index += in.number("bucket") + 1;
            if (index > HistogramBuckets.OVERFLOW) {
                throw new IllegalArgumentException(
                        "histogram: bucket " + index + " (expected: at most " + HistogramBuckets.OVERFLOW + ")");
            }
            long count = in.number("count");
            if (count == 0) {
                throw new IllegalArgumentException("histogram: count 0 of bucket " + index + " (expected: > 0)");
            }
            indexes[used] = (int) index;
            counts[used++] = count;
        }
        return DurationHistogram.checked(Arrays.copyOf(indexes, used), Arrays.copyOf(counts, used), sum, max);
    }

    /** Reads numbers, none of them above {@link DurationHistogram#MAX_VALUE}. */
    private static final class Reader {

        private static final int MAX_SHIFT = 49;

        private final byte[] bytes;
        private int at;

        Reader(byte[] bytes) {
            this.bytes = bytes;
        }

        boolean atEnd() {
            return at == bytes.length;
        }

        int remaining() {
            return bytes.length - at;
        }

        int next(String what) {
            if (atEnd()) {
                throw new IllegalArgumentException("histogram: ends after " + at + " bytes (expected: " + what + ")");
            }
            return bytes[at++] & 0xFF;
        }

        long number(String what) {
            long number = 0;
            for (int shift = 0; shift <= MAX_SHIFT; shift += 7) {
                int next = next(what);
                number |= (long) (next & 0x7F) << shift;
                if (next < 0x80 && number <= DurationHistogram.MAX_VALUE) {
                    return number;
                }
            }
            throw new IllegalArgumentException("histogram: " + what + " at byte " + at
                    + " is too large (expected: at most " + DurationHistogram.MAX_VALUE + ")");
        }
    }
}

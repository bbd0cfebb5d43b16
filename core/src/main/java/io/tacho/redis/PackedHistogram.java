// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.HistogramBuckets;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The form in which Redis adds histograms up: MessagePack of an array that has the longest duration, the sum of all, the first
 * bucket in use, and the counts of all buckets from it to the last one in use.
 */
final class PackedHistogram {

    /** The header before the counts. */
    private static final int HEAD = 3;

    private static final int MAX_BYTES = 3 + 9 * (HEAD + HistogramBuckets.COUNT);

    private PackedHistogram() {}

    /** Empty where nothing happened. */
    static byte[] write(DurationHistogram histogram) {
        if (histogram.count() == 0) {
            return new byte[0];
        }
        long[] buckets = histogram.buckets();
        int first = 0;
        while (buckets[first] == 0) {
            first++;
        }
        int last = HistogramBuckets.indexOf(histogram.max());
        ByteBuffer out = ByteBuffer.allocate(MAX_BYTES);
        out.put((byte) 0xdc).putShort((short) (HEAD + last - first + 1));
        write(out, histogram.max());
        write(out, histogram.sum());
        write(out, first);
        for (int i = first; i <= last; i++) {
            write(out, buckets[i]);
        }
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }

    private static void write(ByteBuffer out, long number) {
        if (number < 0x80) {
            out.put((byte) number);
        } else if (number < 0x1_0000) {
            out.put((byte) 0xcd).putShort((short) number);
        } else if (number < 0x1_0000_0000L) {
            out.put((byte) 0xce).putInt((int) number);
        } else {
            out.put((byte) 0xcf).putLong(number);
        }
    }

    /** Null for what is not of this form. */
    static @Nullable DurationHistogram read(byte[] bytes) {
        try {
            MessagePack in = new MessagePack(bytes);
            int counts = in.arrayLength() - HEAD;
            long max = in.integer();
            long sum = in.integer();
            int first = Math.toIntExact(in.integer());
            long[] buckets = new long[HistogramBuckets.COUNT];
            for (int i = 0; i < counts; i++) {
                buckets[first + i] = in.integer();
            }
            return buckets[first] == 0 ? null : DurationHistogram.of(buckets, sum, max);
        } catch (IllegalArgumentException | IllegalStateException | ArithmeticException | IndexOutOfBoundsException e) {
            return null;
        }
    }
}

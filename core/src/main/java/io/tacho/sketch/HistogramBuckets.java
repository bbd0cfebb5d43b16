// SPDX-License-Identifier: Apache-2.0
package io.tacho.sketch;

/**
 * The log-linear buckets of a {@link DurationHistogram}: nanoseconds below 128 have a bucket each, every power of two above
 * has 64 equal ones, and what takes 2^36 ns (68.7 s) or longer falls into the last. A bucket's middle is within 1/128 (0.8 %)
 * of every duration in it.
 */
public final class HistogramBuckets {

    /** The buckets of one power of two. */
    public static final int PER_OCTAVE = 64;

    private static final int OCTAVE_BITS = 6;
    private static final int LIMIT_BITS = 36;

    /** The bucket of everything that takes 2^36 ns or longer. */
    public static final int OVERFLOW = (LIMIT_BITS - OCTAVE_BITS + 1) * PER_OCTAVE;

    /** The number of buckets. */
    public static final int COUNT = OVERFLOW + 1;

    private HistogramBuckets() {}

    /** Returns the bucket of a duration of 0 ns or more. */
    public static int indexOf(long nanos) {
        int shift = Math.max(0, Long.SIZE - 1 - OCTAVE_BITS - Long.numberOfLeadingZeros(nanos));
        return Math.min((shift << OCTAVE_BITS) + (int) (nanos >>> shift), OVERFLOW);
    }

    /** Returns the shortest duration of a bucket, nanoseconds. */
    public static long lowest(int index) {
        int shift = shift(index);
        return (long) (index - (shift << OCTAVE_BITS)) << shift;
    }

    /** Returns the middle of a bucket, nanoseconds; of the last one its lower end. */
    static long middle(int index) {
        return lowest(index) + (index == OVERFLOW ? 0 : (1L << shift(index)) / 2);
    }

    private static int shift(int index) {
        return Math.max(0, (index >>> OCTAVE_BITS) - 1);
    }
}

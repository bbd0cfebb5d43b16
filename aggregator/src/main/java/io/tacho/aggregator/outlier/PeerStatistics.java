// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.outlier;

import java.util.Arrays;

/**
 * The median and the spread of a group of values. Both ignore outliers as long as fewer than half of the values are outliers.
 *
 * @param median of the values
 * @param deviation the standard deviation of a normal distribution with the same median absolute deviation
 */
record PeerStatistics(double median, double deviation) {

    /** The standard deviation of a normal distribution, divided by its median absolute deviation. */
    private static final double DEVIATION_PER_MAD = 1.4826;

    /**
     * Computes the statistics of values.
     *
     * @param scratch at least as long as {@code count}; overwritten
     */
    static PeerStatistics of(double[] values, int count, double[] scratch) {
        System.arraycopy(values, 0, scratch, 0, count);
        double median = median(scratch, count);
        for (int i = 0; i < count; i++) {
            scratch[i] = Math.abs(values[i] - median);
        }
        return new PeerStatistics(median, DEVIATION_PER_MAD * median(scratch, count));
    }

    /** Returns the median of the first values of an array, whose order changes; of an even number the mean of the middle two. */
    static double median(double[] values, int count) {
        int middle = count / 2;
        double upper = select(values, count, middle);
        if (count % 2 == 1) {
            return upper;
        }
        return (Arrays.stream(values, 0, middle).max().orElse(upper) + upper) / 2;
    }

    /** Returns the value that sorting would put at an index, by Hoare's selection: linear time on average. */
    private static double select(double[] values, int count, int index) {
        int low = 0;
        int high = count - 1;
        while (low < high) {
            double pivot = values[(low + high) >>> 1];
            int left = low;
            int right = high;
            while (left <= right) {
                while (values[left] < pivot) {
                    left++;
                }
                while (values[right] > pivot) {
                    right--;
                }
                if (left <= right) {
                    double swapped = values[left];
                    values[left++] = values[right];
                    values[right--] = swapped;
                }
            }
            if (index <= right) {
                high = right;
            } else if (index >= left) {
                low = left;
            } else {
                return values[index];
            }
        }
        return values[index];
    }
}

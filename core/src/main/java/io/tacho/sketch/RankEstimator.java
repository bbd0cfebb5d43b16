// SPDX-License-Identifier: Apache-2.0
package io.tacho.sketch;

/**
 * Estimates the number of distinct ids from the registers of a HyperLogLog, as Redis does: with the estimator of Otmar Ertl, "New
 * cardinality estimation algorithms for HyperLogLog sketches" (2017), algorithm 6. It needs no correction for small or large sets.
 */
final class RankEstimator {

    private static final double ALPHA = 0.5 / Math.log(2);

    private RankEstimator() {}

    static double estimate(byte[] ranks) {
        int[] histogram = new int[HyperLogLog.MAX_RANK + 1];
        for (byte rank : ranks) {
            histogram[rank]++;
        }
        double registers = ranks.length;
        double sum = registers * saturated(1 - histogram[HyperLogLog.MAX_RANK] / registers);
        for (int rank = HyperLogLog.MAX_RANK - 1; rank > 0; rank--) {
            sum = (sum + histogram[rank]) / 2;
        }
        sum += registers * unused(histogram[0] / registers);
        return ALPHA * registers * registers / sum;
    }

    /** The contribution of the registers of the largest rank (Ertl's tau), from the share of the others. */
    private static double saturated(double share) {
        if (share == 0 || share == 1) {
            return 0;
        }
        double x = share;
        double y = 1;
        double sum = 1 - x;
        double before;
        do {
            before = sum;
            x = Math.sqrt(x);
            y /= 2;
            sum -= (1 - x) * (1 - x) * y;
        } while (sum != before);
        return sum / 3;
    }

    /** The contribution of the registers without an id (Ertl's sigma), from their share; infinite if none has one. */
    private static double unused(double share) {
        if (share == 1) {
            return Double.POSITIVE_INFINITY;
        }
        double x = share;
        double y = 1;
        double sum = x;
        double before;
        do {
            before = sum;
            x *= x;
            sum += x * y;
            y += y;
        } while (sum != before);
        return sum;
    }
}

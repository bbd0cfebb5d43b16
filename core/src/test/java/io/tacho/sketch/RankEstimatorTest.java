// SPDX-License-Identifier: Apache-2.0
package io.tacho.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RankEstimatorTest {

    private static final int REGISTERS = 16_384;

    /** Simulates distinct ids: sets a random register to the number of trailing zeros of a random hash, plus one. */
    private static byte[] ranks(long ids, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] ranks = new byte[REGISTERS];
        for (long i = 0; i < ids; i++) {
            long hash = random.nextLong();
            int rank = Math.min(HyperLogLog.MAX_RANK, Long.numberOfTrailingZeros(hash >>> 14) + 1);
            int register = (int) (hash & (REGISTERS - 1));
            ranks[register] = (byte) Math.max(ranks[register], rank);
        }
        return ranks;
    }

    @Test
    void emptyRegisters_isZero() {
        assertThat(RankEstimator.estimate(new byte[REGISTERS])).isZero();
    }

    @Test
    void oneId_isOne() {
        byte[] ranks = new byte[REGISTERS];
        ranks[77] = 1;

        assertThat(RankEstimator.estimate(ranks)).isCloseTo(1, within(0.01));
    }

    /** The standard error of 2^14 registers is 0.81 %. */
    @ParameterizedTest
    @ValueSource(ints = {10, 1_000, 16_384, 50_000, 300_000})
    void distinctIds_areEstimatedWithinFourStandardErrors(int ids) {
        for (int seed = 0; seed < 5; seed++) {
            assertThat(RankEstimator.estimate(ranks(ids, seed))).isCloseTo(ids, within(Math.max(1, 0.0325 * ids)));
        }
    }

    @Test
    void higherRanks_increaseEstimate() {
        byte[] ranks = new byte[REGISTERS];
        double before = 0;
        for (int rank = 1; rank < HyperLogLog.MAX_RANK; rank++) {
            Arrays.fill(ranks, (byte) rank);
            double estimate = RankEstimator.estimate(ranks);

            assertThat(estimate).isGreaterThan(1.9 * before).isFinite();
            before = estimate;
        }
    }

    @Test
    void allRegistersAtMaximumRank_estimateIsInfinite() {
        byte[] ranks = new byte[REGISTERS];
        Arrays.fill(ranks, (byte) HyperLogLog.MAX_RANK);

        assertThat(RankEstimator.estimate(ranks)).isInfinite();
    }

    @Test
    void registerOrder_doesNotMatter() {
        byte[] ranks = ranks(1_000, 3);
        byte[] sorted = ranks.clone();
        Arrays.sort(sorted);

        assertThat(RankEstimator.estimate(sorted)).isEqualTo(RankEstimator.estimate(ranks));
    }
}

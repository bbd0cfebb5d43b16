// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics.deflate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HuffmanCodeTest {

    /** Decoders reject a code that leaves codes unused, or has too many. */
    private static void requireComplete(HuffmanCode code) {
        int used = 0;
        for (int length : code.lengths) {
            assertThat(length).isBetween(0, 15);
            used += length == 0 ? 0 : 1 << 15 - length;
        }
        assertThat(used).isEqualTo(1 << 15);
    }

    private static int[] codes(HuffmanCode code) {
        int[] codes = new int[code.lengths.length];
        for (int symbol = 0; symbol < codes.length; symbol++) {
            assertThat(code.code(symbol) >>> 16).isEqualTo(code.lengths[symbol]);
            codes[symbol] = code.code(symbol) & 0xFFFF;
        }
        return codes;
    }

    @Test
    void code_isCompleteForAnyFrequencies() {
        Random random = new Random(3);
        for (int i = 0; i < 2_000; i++) {
            int[] frequencies = new int[2 + random.nextInt(285)];
            Arrays.setAll(frequencies, symbol -> random.nextInt(1 << random.nextInt(18)) * random.nextInt(2));
            frequencies[0]++;
            frequencies[1]++;

            requireComplete(new HuffmanCode(frequencies));
        }
    }

    /** Frequencies like these make the longest codes. */
    @Test
    void code_isLimitedTo15Bits() {
        int[] frequencies = new int[40];
        frequencies[0] = 1;
        frequencies[1] = 1;
        for (int symbol = 2; symbol < frequencies.length; symbol++) {
            frequencies[symbol] = frequencies[symbol - 1] + frequencies[symbol - 2];
        }

        requireComplete(new HuffmanCode(frequencies));
    }

    @Test
    void code_ofTwoSymbols() {
        HuffmanCode code = new HuffmanCode(new int[] {1, 0, 1_000_000});

        assertThat(code.lengths).containsExactly(1, 0, 1);
        assertThat(codes(code)).containsExactly(0, 0, 1);
    }

    @Test
    void code_frequentSymbols_haveShortCodes() {
        HuffmanCode code = new HuffmanCode(new int[] {8, 4, 2, 1, 1});

        assertThat(code.lengths).containsExactly(1, 2, 3, 4, 4);
        // written from the first bit on: 0, 10, 110, 1110, 1111
        assertThat(codes(code)).containsExactly(0, 0b01, 0b011, 0b0111, 0b1111);
    }

    @Test
    void code_isCloseToTheEntropy() {
        int[] frequencies = new int[200];
        Arrays.setAll(frequencies, symbol -> 1 + 100_000 / (1 + symbol));
        double total = Arrays.stream(frequencies).sum();

        HuffmanCode code = new HuffmanCode(frequencies);

        double entropy = 0;
        double bits = 0;
        for (int symbol = 0; symbol < frequencies.length; symbol++) {
            entropy -= frequencies[symbol] * Math.log(frequencies[symbol] / total) / Math.log(2);
            bits += (double) frequencies[symbol] * code.lengths[symbol];
        }
        assertThat(bits / entropy).isBetween(1.0, 1.01);
    }
}

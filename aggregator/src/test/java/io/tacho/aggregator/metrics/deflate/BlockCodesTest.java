// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics.deflate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Decompresses blocks with zlib. */
class BlockCodesTest {

    private static final byte[] DICTIONARY = new byte[BlockCodes.MAX_DISTANCE];

    static {
        new Random(1).nextBytes(DICTIONARY);
    }

    private static BlockCodes codes(int seed) {
        return new BlockCodes(code(seed, BlockCodes.LITERALS), code(seed, BlockCodes.DISTANCES));
    }

    private static HuffmanCode code(int seed, int symbols) {
        Random random = new Random(seed);
        int[] frequencies = new int[symbols];
        Arrays.setAll(frequencies, symbol -> 1 + random.nextInt(1 << random.nextInt(16)));
        return new HuffmanCode(frequencies);
    }

    /** Returns the decompressed content of a block with one match. */
    private static byte[] decompressed(BlockCodes codes, int length, int distance)
            throws IOException, DataFormatException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BitOutput out = new BitOutput(bytes);
        codes.writeHead(out);
        codes.writeMatch(out, length, distance);
        codes.writeEnd(out);
        out.align();
        Inflater inflater = new Inflater(true);
        inflater.setDictionary(DICTIONARY);
        inflater.setInput(bytes.toByteArray());
        byte[] plain = new byte[2 * BlockCodes.MAX_MATCH];
        int size = inflater.inflate(plain);
        assertThat(inflater.getRemaining()).isZero();
        inflater.end();
        return Arrays.copyOf(plain, size);
    }

    private static byte[] expected(int length, int distance) {
        byte[] expected = new byte[length];
        for (int at = 0; at < length; at++) {
            expected[at] = DICTIONARY[DICTIONARY.length - distance + at % distance];
        }
        return expected;
    }

    @Test
    void matches_anyLength_areDecompressed() throws IOException, DataFormatException {
        BlockCodes codes = codes(1);
        for (int length = BlockCodes.MIN_MATCH; length <= BlockCodes.MAX_MATCH; length++) {
            assertThat(decompressed(codes, length, 300)).isEqualTo(expected(length, 300));
        }
    }

    @ParameterizedTest
    @ValueSource(
            ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 24, 25, 192, 193, 257, 4_096, 4_097, 16_385, 32_767, 32_768})
    void matches_anyDistance_areDecompressed(int distance) throws IOException, DataFormatException {
        assertThat(decompressed(codes(distance), 100, distance)).isEqualTo(expected(100, distance));
        assertThat(decompressed(codes(distance), 258, distance)).isEqualTo(expected(258, distance));
    }
}

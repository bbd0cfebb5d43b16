// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics.deflate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the output with a bit set to which bits are added one by one. */
class BitOutputTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final BitOutput out = new BitOutput(bytes);
    private final BitSet expected = new BitSet();
    private int length;

    private void expect(int value, int count) {
        for (int bit = 0; bit < count; bit++) {
            expected.set(length++, (value >>> bit & 1) != 0);
        }
    }

    private void expectSymbol(int code) {
        expect((int) HuffmanCode.bits(code), HuffmanCode.length(code));
    }

    private void put(long value, int count) throws IOException {
        out.put(value, count);
        expect((int) value, count);
    }

    private byte[] aligned() throws IOException {
        out.align();
        expect(0, 3);
        expect(0, -length & 7);
        expect(0xFFFF_0000, 32);
        assertThat(bytes.size()).isEqualTo(length / 8);
        assertThat(bytes.toByteArray()).isEqualTo(Arrays.copyOf(expected.toByteArray(), length / 8));
        return bytes.toByteArray();
    }

    private static long bits(Random random, int count) {
        return random.nextLong() & (1L << count) - 1;
    }

    private static HuffmanCode code(Random random, int symbols) {
        int[] frequencies = new int[symbols];
        Arrays.setAll(frequencies, symbol -> 1 + random.nextInt(1 << random.nextInt(16)));
        return new HuffmanCode(frequencies);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 100, 40_000})
    void put_randomBits_areWrittenFromTheLowestBit(int puts) throws IOException {
        Random random = new Random(puts);
        for (int i = 0; i < puts; i++) {
            int count = random.nextInt(33);
            put(bits(random, count), count);
        }
        aligned();
    }

    @Test
    void align_writesAnEmptyStoredBlock_furtherBlocksFollow() throws IOException, DataFormatException {
        for (int literals = 0; literals < 9; literals++) {
            ByteArrayOutputStream deflated = new ByteArrayOutputStream();
            BitOutput blocks = new BitOutput(deflated);
            // fixed codes: the block, literals of eight bits, the end of the block
            blocks.put(0b010, 3);
            for (int i = 0; i < literals; i++) {
                blocks.put(Integer.reverse(0x30 + 'x') >>> 24, 8);
            }
            blocks.put(0, 7);
            blocks.align();
            blocks.put(0b011, 3);
            blocks.put(0, 7);
            blocks.align();

            Inflater inflater = new Inflater(true);
            inflater.setInput(deflated.toByteArray());
            byte[] plain = new byte[10];
            assertThat(new String(plain, 0, inflater.inflate(plain), US_ASCII)).isEqualTo("x".repeat(literals));
            assertThat(inflater.finished()).isTrue();
            inflater.end();
        }
    }

    @Test
    void literals_areEncodedByTheirSymbols() throws IOException {
        Random random = new Random(1);
        HuffmanCode code = code(random, 286);
        byte[] literals = new byte[50_000];
        random.nextBytes(literals);
        put(5, 3);

        out.putLiterals(code, literals, 10, literals.length - 10);

        for (int at = 10; at < literals.length - 10; at++) {
            expectSymbol(code.code(literals[at] & 0xFF));
        }
        put(1, 1);
        aligned();
    }

    @Test
    void put_maximumBits_afterAnyNumberOfBits() throws IOException {
        Random random = new Random(2);
        for (int i = 0; i < 5_000; i++) {
            put(bits(random, i % 8), i % 8);
            long value = random.nextLong() >>> (Long.SIZE - BitOutput.MAX_BITS);
            out.put(value, BitOutput.MAX_BITS);
            expect((int) value, 32);
            expect((int) (value >>> 32), BitOutput.MAX_BITS - 32);
        }
        aligned();
    }

    private byte[] array(int bits) {
        byte[] array = new byte[bits / 8 + 8];
        new Random(bits).nextBytes(array);
        return array;
    }

    private void putBits(byte[] array, int from, int to) throws IOException {
        out.putBits(array, from, to);
        for (int bit = from; bit < to; bit++) {
            expect(array[bit / 8] >>> bit % 8, 1);
        }
    }

    @Test
    void putBits_anyRangeOfAnArray() throws IOException {
        Random random = new Random(3);
        byte[] array = array(1_280);
        for (int i = 0; i < 3_000; i++) {
            int from = random.nextInt(1_280);
            int to = from + random.nextInt(Math.min(i % 2 == 0 ? 60 : 1_280, 1_280 - from + 1));
            putBits(array, from, to);
        }
        aligned();
    }

    @Test
    void putBits_emptyRangeOrToTheLastBit() throws IOException {
        byte[] array = array(64);
        putBits(array, 7, 7);
        putBits(array, 64, 64);
        putBits(array, 31, 64);
        aligned();
    }
}

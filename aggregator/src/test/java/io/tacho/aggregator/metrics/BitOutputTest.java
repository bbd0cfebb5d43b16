// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

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

/** Bits are compared with a set to which they are added one by one. */
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
        expect(code & 0xFFFF, code >>> 16);
    }

    private void put(int value, int count) throws IOException {
        out.put(value, count);
        expect(value, count);
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

    private static int bits(Random random, int count) {
        return count == 32 ? random.nextInt() : random.nextInt() & (1 << count) - 1;
    }

    private static HuffmanCode code(Random random, int symbols) {
        int[] frequencies = new int[symbols];
        Arrays.setAll(frequencies, symbol -> 1 + random.nextInt(1 << random.nextInt(16)));
        return new HuffmanCode(frequencies);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 100, 40_000})
    void put_randomBits_areWrittenFromTheLowestOn(int puts) throws IOException {
        Random random = new Random(puts);
        for (int i = 0; i < puts; i++) {
            int count = random.nextInt(33);
            put(bits(random, count), count);
        }
        aligned();
    }

    @Test
    void align_isAnEmptyStoredBlock_afterWhichOthersFollow() throws IOException, DataFormatException {
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
    void literals_areTheSymbolsOfTheirBytes() throws IOException {
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
    void literals_ofTokens_endBeforeTheFirstMatch() throws IOException {
        Random random = new Random(2);
        HuffmanCode code = code(random, 286);
        int[] tokens = random.ints(60_000, 0, 286).toArray();
        for (int at = 500; at < tokens.length; at += 1 + random.nextInt(3_000)) {
            tokens[at] = -1;
        }
        int at = 0;
        while (at < tokens.length) {
            int next = out.putLiterals(code, tokens, at, tokens.length);
            while (at < next) {
                expectSymbol(code.code(tokens[at++]));
            }
            if (at < tokens.length) {
                assertThat(tokens[at++]).isNegative();
            }
        }
        aligned();
    }

    @Test
    void bitsOfAnArray_anyRange() throws IOException {
        Random random = new Random(3);
        int[] words = random.ints(40).toArray();
        for (int i = 0; i < 3_000; i++) {
            int from = random.nextInt(32 * words.length);
            int to = from + random.nextInt(Math.min(i % 2 == 0 ? 40 : 2_000, 32 * words.length - from + 1));
            out.putBits(words, from, to);
            for (int bit = from; bit < to; bit++) {
                expect(words[bit >>> 5] >>> bit, 1);
            }
        }
        aligned();
    }

    @Test
    void bitsOfAnArray_none_orToItsLastBit() throws IOException {
        int[] words = {0x8000_0001, 0xFFFF_FFFF};
        out.putBits(words, 7, 7);
        out.putBits(words, 64, 64);
        out.putBits(words, 31, 64);
        expect(1, 1);
        expect(-1, 32);
        aligned();
    }

    @Test
    void labels_anyPartOfEach_isThatOfItsSymbols() throws IOException {
        Random random = new Random(4);
        HuffmanCode code = code(random, 286);
        LabelBits labels = new LabelBits(code);
        byte[][] known = new byte[600][];
        for (int i = 0; i < 4_000; i++) {
            int node = random.nextInt(known.length);
            if (known[node] == null) {
                known[node] = new byte[random.nextInt(random.nextInt(10) == 0 ? 3_000 : 80)];
                random.nextBytes(known[node]);
            }
            // a label that is known is not read again
            byte[] around = new byte[known[node].length + 9];
            System.arraycopy(known[node], 0, around, 5, known[node].length);
            labels.add(node, i % 2 == 0 ? around : around.clone(), 5, 5 + known[node].length);

            int from = random.nextInt(known[node].length + 1);
            int to = from + random.nextInt(known[node].length - from + 1);
            labels.write(node, from, to, out);
            for (int at = from; at < to; at++) {
                expectSymbol(code.code(known[node][at] & 0xFF));
            }
        }
        aligned();
    }

    @Test
    void labels_ofAKnownNode_areThoseOfItsFirstSample() throws IOException {
        HuffmanCode code = code(new Random(5), 286);
        LabelBits labels = new LabelBits(code);
        labels.add(1_000, new byte[] {'a', 'b'}, 0, 2);
        labels.add(1_000, new byte[] {'x', 'y', 'z'}, 0, 3);
        labels.add(3, new byte[] {'c'}, 0, 1);

        labels.write(1_000, 0, 2, out);
        labels.write(3, 0, 1, out);

        for (char each : "abc".toCharArray()) {
            expectSymbol(code.code(each));
        }
        aligned();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics.deflate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares the bits of labels with those of the same bytes as literals. */
class LabelBitsTest {

    private final HuffmanCode code = code();
    private final LabelBits labels = new LabelBits(code);
    private final ByteArrayOutputStream page = new ByteArrayOutputStream();
    private final Records records = new Records();

    private static HuffmanCode code() {
        int[] frequencies = new int[BlockCodes.LITERALS];
        Arrays.setAll(frequencies, symbol -> 1 + new Random(symbol).nextInt(10_000));
        return new HuffmanCode(frequencies);
    }

    private void record(int node, String first, String second) {
        page.writeBytes(("name" + first + second).getBytes(UTF_8));
        int end = page.size();
        page.write('7');
        records.add(page.size(), node, end, second.length(), first.length() + second.length());
    }

    private void add(int node) {
        int record = records.count() - 1;
        labels.add(node, page.toByteArray(), records, record, record - 1);
    }

    private static byte[] bits(Bits bits) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BitOutput out = new BitOutput(bytes);
        bits.write(out);
        out.align();
        return bytes.toByteArray();
    }

    private interface Bits {
        void write(BitOutput out) throws IOException;
    }

    private void assertWritten(int node, String first, String second) throws IOException {
        byte[] expected = (first + second).getBytes(UTF_8);
        assertThat(bits(out -> {
                    labels.writeFirst(node, out);
                    labels.writeSecond(node, out);
                }))
                .isEqualTo(bits(out -> out.putLiterals(code, expected, 0, expected.length)));
    }

    @ParameterizedTest
    @CsvSource({
        "chat-10, chat-11, 6, uid=1, uid=2, 4",
        "chat-10, chat-10, 7, uid=1, uid=1, 5",
        "chat-9, chat-10, 5, uid=11, uid=1, 5",
        "chat-10, chat-9, 5, uid=1, uid=11, 5",
        "a, b, 0, uid=1, x, 0",
        "a, b, 0, ab1, ab2, 0",
        "a, b, 0, abc1, abc2, 3",
    })
    void commonPrefixesOfBothParts_areOmitted(
            String before, String first, int firstEqual, String secondBefore, String second, int secondEqual)
            throws IOException {
        record(6, before, secondBefore);
        record(7, first, second);
        add(7);

        assertThat(labels.firstEqual(7)).isEqualTo(firstEqual);
        assertThat(labels.secondEqual(7)).isEqualTo(secondEqual);
        assertWritten(7, first.substring(firstEqual), second.substring(secondEqual));
    }

    @Test
    void commonPrefix_isBounded() throws IOException {
        String name = "x".repeat(300);
        record(0, name, name);
        record(1, name, name);
        add(1);

        assertThat(labels.firstEqual(1)).isEqualTo(128);
        assertThat(labels.secondEqual(1)).isEqualTo(128);
        assertWritten(1, name.substring(128), name.substring(128));
    }

    @Test
    void manyNodes_ofAnyLengthAndOrder_equalTheLiterals() throws IOException {
        Random random = new Random(1);
        int[] nodes = random.ints(1, 20_000).distinct().limit(500).toArray();
        for (int node : nodes) {
            record(node - 1, "a", "b");
            record(node, "c" + "d".repeat(node % 100) + node, "e" + "f".repeat(node % 1_000));
            assertThat(labels.isKnown(node)).isFalse();
            add(node);
            assertThat(labels.isKnown(node)).isTrue();
        }
        for (int node : nodes) {
            assertWritten(node, "c" + "d".repeat(node % 100) + node, "e" + "f".repeat(node % 1_000));
        }
        assertThat(labels.isKnown(0)).isFalse();
        assertThat(labels.isKnown(1_000_000)).isFalse();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.metrics.deflate.Records;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the input with the output decompressed by zlib. */
class RecordDeflaterTest {

    private static int compressedSize(List<byte[]> records, int stride) throws IOException {
        PageBuffer all = new PageBuffer();
        Records ends = new Records();
        for (byte[] record : records) {
            all.put(record);
            ends.add(all.size(), Records.NO_NODE, all.size(), 0, 0);
        }
        byte[] plain = new byte[all.size()];
        System.arraycopy(all.bytes(), 0, plain, 0, plain.length);
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (PageGzip gzip = new PageGzip(zipped)) {
            gzip.write(plain, 0, Math.min(100, plain.length));
            gzip.writeRecords(all.bytes(), ends, stride);
            gzip.write('x');
            gzip.writeRecords(all.bytes(), ends, stride);
        }

        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        expected.write(plain, 0, Math.min(100, plain.length));
        expected.write(plain);
        expected.write('x');
        expected.write(plain);
        assertThat(new GZIPInputStream(new ByteArrayInputStream(zipped.toByteArray())).readAllBytes())
                .isEqualTo(expected.toByteArray());
        return zipped.size() / 2;
    }

    private static byte[] line(Random random, int i) {
        return ("tacho_node_clients{node=\"chat-" + i + "\",uid=\"" + new UUID(random.nextLong(), random.nextLong())
                        + "\"} " + random.nextInt(1_000_000) + "\n")
                .getBytes(UTF_8);
    }

    @Test
    void write_linesOfAFamily() throws IOException {
        Random random = new Random(1);
        List<byte[]> lines =
                IntStream.range(0, 20_000).mapToObj(i -> line(random, i)).toList();

        // 16 bytes are random in each uid, and 2.5 in each number; a line has 75
        assertThat(compressedSize(lines, 1) / lines.size()).isBetween(19, 30);
    }

    @Test
    void write_equalRecords() throws IOException {
        byte[] record = "0123456789".repeat(100).getBytes(UTF_8);

        assertThat(compressedSize(
                        IntStream.range(0, 1_000).mapToObj(i -> record).toList(), 1))
                .isLessThan(8_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 50})
    void write_randomRecords(int stride) throws IOException {
        Random random = new Random(stride);
        List<byte[]> records = IntStream.range(0, 3_000)
                .mapToObj(i -> {
                    byte[] record = new byte[random.nextInt(1 + random.nextInt(2_000))];
                    for (int at = 0; at < record.length; at++) {
                        record[at] = (byte) (random.nextInt(8) == 0 ? random.nextInt() : at % 7);
                    }
                    return record;
                })
                .toList();

        compressedSize(records, stride);
    }

    /** The window of the format has 32 KiB. */
    @ParameterizedTest
    @ValueSource(ints = {32_767, 32_768, 32_769, 100_000})
    void write_longRecords(int length) throws IOException {
        byte[] record = new byte[length];
        new Random(1).nextBytes(record);

        assertThat(compressedSize(List.of(record, record, record), 1))
                .isBetween(length, 3 * length + 10_000)
                .satisfies(size -> assertThat(size < 2 * length).isEqualTo(length <= 32_768));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 258, 259, 262, 8_191, 8_192, 20_000})
    void write_twoRecordsOfEqualLength(int length) throws IOException {
        byte[] record = "a".repeat(length).getBytes(UTF_8);

        compressedSize(List.of(record, record), 1);
        compressedSize(List.of(record), 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void write_manyFamilies_withLabelsOfAnyLength_andNodesWithoutSamples(int seed) throws IOException {
        Random random = new Random(seed);
        List<byte[]> names = IntStream.range(0, 2_000)
                .mapToObj(node -> text(random, random.nextInt(10) == 0 ? 400 : 1 + random.nextInt(12)))
                .toList();
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        try (PageGzip gzip = new PageGzip(zipped)) {
            for (int family = 0; family < 5; family++) {
                PageBuffer all = new PageBuffer();
                Records records = new Records();
                int stride = 1 + random.nextInt(2);
                String head = "family_" + "x".repeat(random.nextInt(60));
                for (int node = 0; node < names.size(); node++) {
                    for (int line = 0; line < stride && random.nextInt(20) > 0; line++) {
                        all.put(random.nextInt(50) == 0 ? "other" : head + line);
                        int start = all.size();
                        int middle = all.put(names.get(node)).size();
                        int end = all.put("\",uid=\"" + node * 7_919 + "\"} ").size();
                        all.put(Long.toString(random.nextLong())).put('\n');
                        records.add(all.size(), node, end, end - middle, end - start);
                    }
                }
                gzip.writeRecords(all.bytes(), records, stride);
                plain.write(all.bytes(), 0, all.size());
            }
        }

        assertThat(new GZIPInputStream(new ByteArrayInputStream(zipped.toByteArray())).readAllBytes())
                .isEqualTo(plain.toByteArray());
        assertThat(zipped.size()).isLessThan(plain.size() * 3 / 4);
    }

    /** The codes are built from all nodes, not only from the first ones by name. */
    @Test
    void write_nonAsciiNamesAfterManyNodes_areCompressedAsWell() throws IOException {
        Random random = new Random(1);
        List<String> labels = IntStream.range(0, 4_000)
                .mapToObj(node -> (node < 1_500 ? "api-" + node : chinese(random)) + "\",uid=\""
                        + new UUID(random.nextLong(), random.nextLong()) + "\"} ")
                .toList();
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        ByteArrayOutputStream byZlib = new ByteArrayOutputStream();
        try (PageGzip gzip = new PageGzip(zipped);
                GZIPOutputStream zlib = new GZIPOutputStream(byZlib)) {
            for (int family = 0; family < 8; family++) {
                PageBuffer all = new PageBuffer();
                Records records = new Records();
                for (int node = 0; node < labels.size(); node++) {
                    int start = all.put(("family_" + family + "{node=\"").getBytes(UTF_8))
                            .size();
                    int end = all.put(labels.get(node).getBytes(UTF_8)).size();
                    all.put(Integer.toString(random.nextInt(1_000))).put('\n');
                    records.add(all.size(), node, end, end - start, end - start);
                }
                gzip.writeRecords(all.bytes(), records, 1);
                zlib.write(all.bytes(), 0, all.size());
            }
        }

        assertThat(zipped.size()).isLessThan(byZlib.size() * 5 / 4);
    }

    private static String chinese(Random random) {
        return random.ints(12, 0x4E00, 0x9FA5)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static byte[] text(Random random, int length) {
        byte[] text = new byte[length];
        random.nextBytes(text);
        return text;
    }
}

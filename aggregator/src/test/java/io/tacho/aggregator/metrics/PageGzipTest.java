// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.metrics.deflate.Records;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Decompresses, with zlib, pages whose families have samples with equal labels. */
class PageGzipTest {

    private final Random random = new Random(42);
    private final ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    private final ByteArrayOutputStream plain = new ByteArrayOutputStream();

    private record Labels(String first, String second) {}

    private static byte[] unzip(byte[] bytes) throws IOException {
        return new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes();
    }

    private Labels[] labels(int count, int longest) {
        Labels[] labels = new Labels[count];
        for (int i = 0; i < count; i++) {
            labels[i] = new Labels(
                    "{node=\"" + "chat-é-".repeat(1 + random.nextInt(longest)) + i,
                    "\",uid=\"" + Long.toHexString(random.nextLong()) + "x".repeat(random.nextInt(longest)) + "\"} ");
        }
        return labels;
    }

    /** Writes a family with a sample of some of the nodes to both outputs; with two lines each if it has a count. */
    private void family(PageOutput gzip, int number, Labels[] labels, double share, boolean hasCount)
            throws IOException {
        PageBuffer samples = new PageBuffer();
        Records records = new Records();
        for (int node = 0; node < labels.length; node++) {
            if (random.nextDouble() >= share) {
                continue;
            }
            for (int line = 0; line < (hasCount ? 2 : 1); line++) {
                samples.put("tacho_node_family_" + number + (line == 0 ? "" : "_count"));
                int start = samples.size();
                int middle = samples.put(labels[node].first()).size();
                int end = samples.put(labels[node].second()).size();
                samples.putDecimal(random.nextLong() >>> random.nextInt(64), random.nextInt(4))
                        .put('\n');
                records.add(samples.size(), node, end, end - middle, end - start);
            }
        }
        if (records.count() > 0) {
            plain.write(samples.bytes(), 0, samples.size());
            gzip.writeRecords(samples.bytes(), records, hasCount ? 2 : 1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 40})
    void families_withShortAndLongLabels_areCompressed(int longest) throws IOException {
        Labels[] labels = labels(600, longest);
        try (PageGzip gzip = new PageGzip(zipped)) {
            for (int number = 0; number < 12; number++) {
                byte[] head = ("# TYPE tacho_node_family_" + number + " gauge\n").getBytes(UTF_8);
                plain.write(head);
                gzip.write(head);
                // the first families have few nodes, so labels are added step by step
                family(gzip, number, labels, number < 3 ? 0.4 : 0.9, number % 3 == 2);
            }
        }

        assertThat(unzip(zipped.toByteArray())).isEqualTo(plain.toByteArray());
        assertThat(zipped.size()).isLessThan(plain.size() / 2);
    }

    @Test
    void fewRecords_areCompressedTogetherWithOtherBytes() throws IOException {
        Labels[] labels = labels(20, 1);
        try (PageGzip gzip = new PageGzip(zipped)) {
            for (int number = 0; number < 30; number++) {
                family(gzip, number, labels, 1, false);
                plain.write('x');
                gzip.write('x');
            }
        }

        assertThat(unzip(zipped.toByteArray())).isEqualTo(plain.toByteArray());
    }

    @Test
    void emptyPage_isAValidFile() throws IOException {
        new PageGzip(zipped).close();

        assertThat(unzip(zipped.toByteArray())).isEmpty();
    }

    @Test
    void plainOutput_writesBytesUpToTheEndOfTheLastRecord() throws IOException {
        Records records = new Records();
        records.add(2, Records.NO_NODE, 2, 0, 0);
        records.add(5, Records.NO_NODE, 5, 0, 0);
        PageOutput output = PageOutput.plain(plain);

        output.write('a');
        output.write(new byte[] {'b', 'c', 'd'}, 1, 2);
        output.writeRecords("12345 not a record".getBytes(UTF_8), records, 1);
        assertThat(plain).hasToString("acd12345");

        records.clear();
        output.writeRecords("12345".getBytes(UTF_8), records, 1);
        assertThat(plain).hasToString("acd12345");
    }
}

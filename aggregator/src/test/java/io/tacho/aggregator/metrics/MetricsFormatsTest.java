// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import static io.tacho.testing.Snapshots.detailed;
import static io.tacho.testing.Snapshots.stored;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.expositionformats.generated.Metrics;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.Unit;
import io.tacho.model.Extra;
import io.tacho.store.StoredSnapshot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The same samples in each format, compressed or not. */
class MetricsFormatsTest extends MetricsPageTestBase {

    private Map<String, Metrics.MetricFamily> protobuf(FamilySelection selection) throws IOException {
        Map<String, Metrics.MetricFamily> families = new TreeMap<>();
        InputStream page = new ByteArrayInputStream(bytes(MetricsFormat.PROTOBUF, selection));
        for (Metrics.MetricFamily family = Metrics.MetricFamily.parseDelimitedFrom(page);
                family != null;
                family = Metrics.MetricFamily.parseDelimitedFrom(page)) {
            assertThat(families.put(family.getName(), family)).isNull();
        }
        return families;
    }

    @Test
    void page_hasNativeAndClassicHistograms() throws IOException {
        addDurations();

        Metrics.Histogram histogram = protobuf(named("tacho_cluster_client_request_duration_seconds"))
                .get("tacho_cluster_client_request_duration_seconds")
                .getMetric(0)
                .getHistogram();

        assertThat(histogram.getSampleCount()).isEqualTo(4);
        assertThat(histogram.getSampleSum()).isEqualTo(90.006);
        assertThat(histogram.getBucketCount()).isEqualTo(19);
        assertThat(histogram.getSchema()).isEqualTo(5);
        // 2 ms is 2^(-286.9/32) s, and 68.7 s, where the last bucket starts, 2^(195.3/32) s
        assertThat(histogram.getPositiveSpanList())
                .extracting(Metrics.BucketSpan::getOffset)
                .containsExactly(-286, 481);
        assertThat(histogram.getPositiveDeltaList()).containsExactly(3L, -2L);
    }

    /** The same samples as in the text format, which other tests compare with expected lines. */
    @Test
    void page_protobuf_hasTheSamplesOfTheText() throws IOException {
        view.onLoaded(withExtras("u1", Map.of("num_subs", Extra.gauge(75))));
        view.onLoaded(new StoredSnapshot(detailed("u2", 1), 15_000));
        view.onLoaded(stored("u\"3\\", "a\"b\\c é", 1));
        FamilySelection nodes = new FamilySelection(
                true, NodeFamily.ALL.stream().map(NodeFamily::name).collect(toSet()));

        List<String> samples = new ArrayList<>();
        protobuf(nodes)
                .values()
                .forEach(family -> family.getMetricList().forEach(metric -> {
                    String labels = metric.getLabelList().stream()
                            .map(label -> label.getName() + "=\""
                                    + label.getValue().replace("\\", "\\\\").replace("\"", "\\\"") + "\"")
                            .collect(joining(",", "{", "} "));
                    if (family.getType() == Metrics.MetricType.SUMMARY) {
                        samples.add(family.getName() + "_count" + labels
                                + metric.getSummary().getSampleCount());
                        samples.add(family.getName() + "_sum" + labels
                                + plain(metric.getSummary().getSampleSum()));
                    } else {
                        samples.add(family.getName()
                                + labels
                                + plain(
                                        family.getType() == Metrics.MetricType.COUNTER
                                                ? metric.getCounter().getValue()
                                                : metric.getGauge().getValue()));
                    }
                }));

        assertThat(samples)
                .hasSizeGreaterThan(50)
                .containsExactlyInAnyOrderElementsOf(lines(MetricsFormat.PROMETHEUS, nodes).stream()
                        .filter(line -> !line.startsWith("#"))
                        .toList());
        assertThat(protobuf(FamilySelection.ALL))
                .containsKeys("tacho_cluster_clients", "tacho_node_extra_num_subs", "process_cpu_seconds_total");
    }

    private static String plain(double number) {
        return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }

    /** The head of each family is the same as that of the client library, except that it has no native counterpart. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PROTOBUF")
    void page_nodeSamples_equalThoseOfTheClientLibrary(MetricsFormat format) throws IOException {
        view.onLoaded(new StoredSnapshot(detailed("u1", 1), 15_000));
        Labels labels = Labels.of("node", "name-u1", "uid", "u1");
        Families library = new Families(FamilySelection.ALL);
        library.gauge("tacho_node_clients", null, "Authorized clients connected.", List.of(Families.gauge(4, labels)));
        library.counter(
                "tacho_node_client_sent",
                Unit.BYTES,
                "Bytes sent to clients since the start of the node.",
                List.of(Families.counter(107, labels)));
        library.summary(
                "tacho_node_api_request_duration",
                Unit.SECONDS,
                "Server API requests since the start of the node, and the time that they took.",
                List.of(Families.summary(104, 1.08e-7, labels)));
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        format.write(library.all(), expected);

        assertThat(lines(
                        format,
                        named(
                                "tacho_node_clients",
                                "tacho_node_client_sent_bytes",
                                "tacho_node_api_request_duration_seconds")))
                .filteredOn(line -> !line.equals("# EOF"))
                .containsExactlyInAnyOrderElementsOf(expected.toString(UTF_8)
                        .replace("} 4.0", "} 4")
                        .replace("} 107.0", "} 107")
                        .replace("} 1.08E-7", "} 0.000000108")
                        .lines()
                        .toList());
    }

    @Test
    void page_gzip_hasTheSameContent() throws IOException {
        for (int i = 0; i < 100; i++) {
            view.onLoaded(stored("u" + i, 1));
        }
        FamilySelection nodes = named("tacho_node_clients", "tacho_node_channels");
        byte[] zipped = bytes(new MetricsPage.Request(MetricsFormat.PROMETHEUS, true, nodes));

        assertThat(new GZIPInputStream(new ByteArrayInputStream(zipped)).readAllBytes())
                .isEqualTo(bytes(MetricsFormat.PROMETHEUS, nodes))
                .hasSizeGreaterThan(5 * zipped.length);
    }

    /** The second page is built with the size of the first one as a hint. */
    @Test
    void page_gzipAfterNodesLeftOrJoined_isValid() throws IOException {
        MetricsPage.Request request = new MetricsPage.Request(MetricsFormat.PROMETHEUS, true, FamilySelection.ALL);
        for (int round = 1; round <= 3; round++) {
            for (int i = 0; i < 20 * round; i++) {
                view.onLoaded(stored("u" + i, round));
            }
            byte[] zipped = bytes(request);
            ticker.advance(Duration.ofHours(1));

            assertThat(new String(new GZIPInputStream(new ByteArrayInputStream(zipped)).readAllBytes(), UTF_8)
                            .lines()
                            .filter(line -> line.startsWith("tacho_node_clients{")))
                    .hasSize(20 * round);
        }
    }

    /** The grammar of the format, line by line. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PROTOBUF")
    void page_lines_areWellFormed(MetricsFormat format) {
        view.onLoaded(new StoredSnapshot(detailed("u1", 1), 15_000));
        view.onLoaded(stored("u2", 1));
        String label = "[a-zA-Z_]\\w*=\"(?:[^\"\\\\]|\\\\[\\\\\"n])*\"";

        List<String> lines = lines(format);

        assertThat(lines)
                .allMatch(line -> line.matches("# (HELP|TYPE|UNIT) [a-z_]+ .*|# EOF")
                        || line.matches("[a-z_]+(\\{" + label + "(," + label + ")*\\})? -?[0-9][0-9.E-]*"));
        assertThat(lines).doesNotHaveDuplicates();
        assertThat(lines.get(lines.size() - 1).equals("# EOF")).isEqualTo(format == MetricsFormat.OPEN_METRICS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|PROMETHEUS|text/plain",
                "*/*|PROMETHEUS|text/plain",
                "text/plain;version=0.0.4|PROMETHEUS|text/plain",
                "application/openmetrics-text;version=1.0.0,text/plain;q=0.5|OPEN_METRICS|application/openmetrics-text",
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,"
                        + "application/openmetrics-text;version=1.0.0;q=0.5|PROTOBUF|application/vnd.google.protobuf",
                "application/vnd.google.protobuf;q=0.6|PROMETHEUS|text/plain"
            })
    void format_isNegotiatedByAcceptHeader(String accept, MetricsFormat format, String contentType) {
        assertThat(MetricsFormat.of(accept)).isEqualTo(format);
        assertThat(MetricsFormat.of(accept).contentType()).startsWith(contentType);
    }
}

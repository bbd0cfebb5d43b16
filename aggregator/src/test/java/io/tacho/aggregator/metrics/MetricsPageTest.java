// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import static io.tacho.testing.Snapshots.detailed;
import static io.tacho.testing.Snapshots.leave;
import static io.tacho.testing.Snapshots.stored;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.expositionformats.generated.Metrics;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.Unit;
import io.tacho.aggregator.alert.notify.LatestAlertStatus;
import io.tacho.aggregator.api.EventData;
import io.tacho.aggregator.cluster.DurationTotals;
import io.tacho.aggregator.cluster.TotalsCache;
import io.tacho.aggregator.collect.Collector;
import io.tacho.aggregator.events.EventFeed;
import io.tacho.aggregator.outlier.Indicator;
import io.tacho.aggregator.outlier.Outlier;
import io.tacho.aggregator.outlier.OutlierReport;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.Envelope.Conflict;
import io.tacho.model.Envelope.Writer;
import io.tacho.model.Extra;
import io.tacho.model.Extras;
import io.tacho.model.Field;
import io.tacho.model.NodeTotals;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.model.WindowDetail;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.HistogramBuckets;
import io.tacho.store.StoredSnapshot;
import io.tacho.testing.InMemoryTransport;
import io.tacho.testing.ManualScheduler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsPageTest {

    private final ManualScheduler ticker = new ManualScheduler();
    private final ClusterView view = new ClusterView(new SnapshotCodec(), ticker, 100);
    private final Collector collector =
            new Collector(new InMemoryTransport(ticker).source(), view, ticker, Duration.ofHours(1), ticker);
    private final DurationTotals durations = new DurationTotals();
    private final HttpMetrics http = new HttpMetrics();
    private static final OutlierReport MEMORY_OUTLIER = OutlierReport.of(List.of(
            new Outlier("u1", "chat", Indicator.MEMORY, 30, 10, 3, 9, Outlier.Method.MEDIAN_DEVIATION, Instant.EPOCH)));

    private OutlierReport outliers = OutlierReport.NONE;
    private final MetricsPage page = new MetricsPage(
            view,
            new TotalsCache(view, ticker),
            () -> outliers,
            durations,
            new EventFeed(view, new EventData(view), () -> OutlierReport.NONE, ticker, ticker, 1).metrics(),
            new LatestAlertStatus(),
            http,
            Runnable::run,
            ticker);

    private List<String> lines(MetricsFormat format) {
        return lines(format, FamilySelection.ALL);
    }

    private List<String> lines(MetricsFormat format, FamilySelection selection) {
        return new String(bytes(format, selection), UTF_8).lines().toList();
    }

    private byte[] bytes(MetricsFormat format, FamilySelection selection) {
        return bytes(new MetricsPage.Request(format, false, selection));
    }

    private byte[] bytes(MetricsPage.Request request) {
        ByteBuffer made = page.page(request).toCompletableFuture().join();
        return Arrays.copyOf(made.array(), made.remaining());
    }

    @Test
    void page_ofANodeThatReportsAll() {
        view.onLoaded(new StoredSnapshot(detailed("u1", 1), 15_000));
        ticker.advance(Duration.ofSeconds(2));

        assertThat(lines(MetricsFormat.PROMETHEUS))
                .contains(
                        "tacho_node_info{host=\"host-1\",label_role=\"007\",label_zone=\"a\",node=\"name-u1\",uid=\"u1\","
                                + "version=\"6.2.0\"} 1",
                        "tacho_node_clients{node=\"name-u1\",uid=\"u1\"} 4",
                        "tacho_node_last_beat_age_seconds{node=\"name-u1\",uid=\"u1\"} 2",
                        "tacho_node_cpu_usage_ratio{node=\"name-u1\",uid=\"u1\"} 0.22",
                        "tacho_node_memory_bytes{node=\"name-u1\",uid=\"u1\"} 21",
                        "tacho_node_start_time_seconds{node=\"name-u1\",uid=\"u1\"} 1795367843",
                        "# TYPE tacho_node_messages_published_total counter",
                        "tacho_node_messages_published_total{node=\"name-u1\",uid=\"u1\"} 101",
                        "tacho_node_client_sent_bytes_total{node=\"name-u1\",uid=\"u1\"} 107",
                        "tacho_node_api_request_duration_seconds_count{node=\"name-u1\",uid=\"u1\"} 104",
                        "tacho_node_api_request_duration_seconds_sum{node=\"name-u1\",uid=\"u1\"} 0.000000108",
                        "tacho_cluster_nodes{state=\"draining\"} 1.0",
                        "tacho_cluster_nodes{state=\"live\"} 0.0")
                // marked as unavailable
                .noneMatch(line -> line.startsWith("tacho_node_client_received_bytes_total{"));
    }

    private static StoredSnapshot withExtras(String uid, Map<String, Extra> extras) {
        SnapshotEnvelope beat = detailed(uid, 1);
        return new StoredSnapshot(
                SnapshotEnvelope.builder(beat.snapshot())
                        .seq(1)
                        .ttlMillis(15_000)
                        .metricsIntervalSeconds(60)
                        .status(beat.status())
                        .detail(new WindowDetail(null, null, null, null, new Extras(extras)))
                        .build(),
                15_000);
    }

    @Test
    void page_extraValues() {
        long[] buckets = new long[HistogramBuckets.COUNT];
        buckets[HistogramBuckets.indexOf(2_000_000)] = 3;
        view.onLoaded(withExtras(
                "u1",
                Map.of(
                        "num_subs",
                        Extra.gauge(75),
                        "disconnects{code=\"3008\"}",
                        Extra.counter(2, 14),
                        "ping_pong",
                        Extra.timer(DurationHistogram.of(buckets, 6_000_000, 2_000_000)),
                        "mixed",
                        Extra.gauge(1))));
        view.onLoaded(withExtras("u2", Map.of("num_subs", Extra.gauge(5), "mixed", Extra.counter(1, 2))));

        assertThat(lines(MetricsFormat.PROMETHEUS))
                .contains(
                        "tacho_node_extra_num_subs{node=\"name-u1\",uid=\"u1\"} 75.0",
                        "# TYPE tacho_node_extra_disconnects_total counter",
                        "tacho_node_extra_disconnects_total{code=\"3008\",node=\"name-u1\",uid=\"u1\"} 14.0",
                        "tacho_node_timer_ping_pong_seconds{node=\"name-u1\",uid=\"u1\",quantile=\"0.99\"} 0.002",
                        "tacho_cluster_extra_num_subs 80.0",
                        "tacho_cluster_extra_disconnects{code=\"3008\"} 2.0",
                        "tacho_cluster_timer_ping_pong_seconds{quantile=\"0.5\"} 0.002");
    }

    @Test
    void page_hasAllThatTheAlertRulesAskFor() throws IOException {
        view.onLoaded(new StoredSnapshot(detailed("u1", 1), 15_000));
        outliers = MEMORY_OUTLIER;
        String rules = Files.readString(Path.of("../deploy/prometheus/alerts.yml"));

        assertThat(Pattern.compile("tacho_[a-z_]+").matcher(rules).results().map(MatchResult::group))
                .hasSizeGreaterThan(5)
                .allSatisfy(metric -> assertThat(lines(MetricsFormat.PROMETHEUS))
                        .anyMatch(line -> line.startsWith(metric + "{") || line.startsWith(metric + " ")));
    }

    @Test
    void page_totalsOfTheCluster() {
        view.onLoaded(new StoredSnapshot(detailed("u1", 1), 15_000));
        view.onLoaded(stored("u2", 1));

        assertThat(lines(MetricsFormat.PROMETHEUS))
                .contains(
                        "tacho_cluster_clients 8.0",
                        "tacho_cluster_unique_clients 10.0",
                        "tacho_cluster_memory_sys_bytes 42.0",
                        "tacho_cluster_cpu_usage_ratio 0.44",
                        "tacho_cluster_window_msg_sent 24.0",
                        "tacho_cluster_window_client_in_bytes 30.0",
                        "tacho_cluster_window_time_client_max_seconds 2.0E-8")
                .noneMatch(line -> line.startsWith("tacho_cluster_started_at"));
    }

    @Test
    void page_ofANodeWithoutTotalsHasNoCounters() {
        view.onLoaded(stored("u1", 1));

        assertThat(lines(MetricsFormat.PROMETHEUS))
                .anyMatch(line -> line.startsWith("tacho_node_clients{"))
                .noneMatch(line ->
                        line.startsWith("tacho_node_messages") || line.startsWith("tacho_node_api_request_duration"));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PROTOBUF")
    void page_emptyCluster(MetricsFormat format) {
        assertThat(lines(format))
                .contains("tacho_cluster_nodes{state=\"live\"} 0.0")
                .noneMatch(line -> line.startsWith("tacho_node_"));
    }

    @Test
    void page_ofTheAggregatorItself() {
        http.opened();
        http.endpoint("/stats").count(200);
        http.endpoint("/stats").count(304);
        http.endpoint("/nodes/{uid}").count(404);
        view.conflicts().record(new Conflict("u1", 1, new Writer("a", null), new Writer("b", null)));

        assertThat(lines(MetricsFormat.PROMETHEUS))
                .contains(
                        "tacho_aggregator_http_connections 1.0",
                        "tacho_aggregator_http_requests_total{endpoint=\"/stats\",status=\"2xx\"} 1.0",
                        "tacho_aggregator_http_requests_total{endpoint=\"/stats\",status=\"3xx\"} 1.0",
                        "tacho_aggregator_http_requests_total{endpoint=\"/nodes/{uid}\",status=\"4xx\"} 1.0",
                        "tacho_aggregator_event_readers 0.0",
                        "tacho_aggregator_ready 0.0",
                        "tacho_aggregator_writer_conflicts_total 1.0",
                        "tacho_aggregator_messages_dropped_total{reason=\"outdated\"} 0.0")
                .anyMatch(line -> line.startsWith("process_cpu_seconds_total "))
                .anyMatch(line -> line.startsWith("jvm_memory_used_bytes{area=\"heap\"} "));
    }

    @Test
    void page_namesAreEscaped() {
        view.onLoaded(stored("u\"1\\", "a\"b\\c", 1));

        assertThat(lines(MetricsFormat.PROMETHEUS))
                .contains("tacho_node_clients{node=\"a\\\"b\\\\c\",uid=\"u\\\"1\\\\\"} 4");
    }

    @Test
    void outliers_areCountedByIndicator_withTheirFactors() {
        outliers = MEMORY_OUTLIER;

        assertThat(lines(MetricsFormat.PROMETHEUS))
                .contains(
                        "tacho_cluster_outliers{indicator=\"memory\"} 1.0",
                        "tacho_cluster_outliers{indicator=\"cpu_usage\"} 0.0",
                        "tacho_cluster_outlier_factor{indicator=\"memory\",node=\"chat\",uid=\"u1\"} 3.0");
    }

    @Test
    void imbalance_isThatOfTheCluster() {
        assertThat(lines(MetricsFormat.PROMETHEUS))
                .noneMatch(line -> line.startsWith("tacho_cluster_imbalance_variation{"));
        view.onLoaded(stored("u1", 1));
        view.onLoaded(new StoredSnapshot(
                SnapshotEnvelope.builder(stored("u2", 1).envelope().snapshot().toBuilder()
                                .set(Field.NUM_CLIENTS, 12)
                                .build())
                        .seq(1)
                        .ttlMillis(15_000)
                        .metricsIntervalSeconds(60)
                        .build(),
                15_000));

        assertThat(lines(MetricsFormat.PROMETHEUS))
                .contains(
                        "tacho_cluster_imbalance_max_over_mean{field=\"num_clients\"} 1.5",
                        "tacho_cluster_imbalance_variation{field=\"num_clients\"} 0.5",
                        "tacho_cluster_imbalance_max_over_mean{field=\"cpu_usage\"} 1.0");
    }

    private static FamilySelection named(String... names) {
        return new FamilySelection(true, Set.of(names));
    }

    /** {@code METRICS.md} is what this test expects: copy it from the message when a family changes. */
    @Test
    void families_areDocumented() throws IOException {
        String table = page.families().stream()
                .map(family -> "| `" + family.name() + suffix(family.type()) + "` | " + family.type() + " | "
                        + family.help() + " |")
                .collect(joining("\n", "| name | type | |\n|---|---|---|\n", "\n"));

        assertThat(Files.readString(Path.of("METRICS.md"))).endsWith(table);
    }

    private static String suffix(String type) {
        return type.equals("counter") ? "_total" : type.equals("info") ? "_info" : "";
    }

    @Test
    void page_withoutNodes() {
        view.onLoaded(withExtras("u1", Map.of("num_subs", Extra.gauge(75))));

        assertThat(lines(MetricsFormat.PROMETHEUS, new FamilySelection(false, Set.of())))
                .contains("tacho_cluster_clients 4.0", "tacho_cluster_extra_num_subs 75.0")
                .noneMatch(line -> line.startsWith("tacho_node"));
    }

    @Test
    void page_ofSomeFamilies() {
        view.onLoaded(new StoredSnapshot(detailed("u1", 1), 15_000));

        FamilySelection selection = page.select(
                true, List.of("tacho_node_messages_sent_total", "tacho_cluster_nodes", "process_cpu_seconds"));

        assertThat(lines(MetricsFormat.OPEN_METRICS, selection))
                .contains(
                        "# TYPE tacho_node_messages_sent counter",
                        "tacho_node_messages_sent_total{node=\"name-u1\",uid=\"u1\"} 103",
                        "tacho_cluster_nodes{state=\"live\"} 0.0",
                        "# EOF")
                .allMatch(line -> line.contains("tacho_node_messages_sent")
                        || line.contains("tacho_cluster_nodes")
                        || line.contains("process_cpu_seconds")
                        || line.equals("# EOF"));
    }

    @Test
    void select_everyFamilyOfAPageByItsName() {
        view.onLoaded(new StoredSnapshot(detailed("u1", 1), 15_000));
        List<String> names = lines(MetricsFormat.PROMETHEUS).stream()
                .filter(line -> line.startsWith("# TYPE "))
                .map(line -> line.split(" ", -1)[2])
                .toList();

        assertThat(names).hasSizeGreaterThan(60);
        assertThat(lines(MetricsFormat.PROMETHEUS, page.select(true, names)).stream()
                        .filter(line -> line.startsWith("# TYPE ")))
                .hasSameSizeAs(names);
    }

    @Test
    void select_familiesThatHaveNoSamplesNow() {
        List<String> absent = List.of(
                "tacho_alerts_firing", "tacho_node_clients", "tacho_node_extra_x_total", "tacho_cluster_timer_y");

        assertThat(lines(MetricsFormat.PROMETHEUS, page.select(true, absent))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tacho_cluster_client", "", "TACHO_NODE", "tacho_node_extra_"})
    void select_anUnknownNameIsAnError(String name) {
        assertThatThrownBy(() -> page.select(true, List.of("tacho_cluster_clients", name)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("name[]: '" + name + "' (expected: a family of /metrics, e.g. tacho_cluster_clients)");
    }

    @Test
    void page_boundsOfDistinctUsersAndChannels() {
        view.onLoaded(new StoredSnapshot(detailed("u1", 1), 15_000));
        view.onLoaded(stored("u2", 1));

        assertThat(lines(MetricsFormat.PROMETHEUS))
                .contains(
                        "tacho_cluster_unique_clients_lower 5.0",
                        "tacho_cluster_unique_clients_upper 10.0",
                        "tacho_cluster_channels_lower 6.0",
                        "tacho_cluster_channels_upper 12.0");
    }

    @Test
    void page_countersAndPeaksOfTheCluster() {
        view.onLoaded(new StoredSnapshot(detailed("u1", 1), 15_000));
        NodeTotals later = new NodeTotals(111, 112, 113, 114, 115, 116, 117, 1_000_000_108L, 109);
        view.onBeat(SnapshotEnvelope.builder(detailed("u1", 1).snapshot())
                .seq(2)
                .ttlMillis(15_000)
                .metricsIntervalSeconds(60)
                .totals(later)
                .build());
        view.onLeave(leave("u1", 3));

        assertThat(lines(MetricsFormat.PROMETHEUS))
                .contains(
                        "# TYPE tacho_cluster_messages_published_total counter",
                        "tacho_cluster_messages_published_total 10.0",
                        "tacho_cluster_messages_queued_total 10.0",
                        "tacho_cluster_messages_sent_total 10.0",
                        // becomes available with the second beat
                        "tacho_cluster_client_received_bytes_total 0.0",
                        "tacho_cluster_client_sent_bytes_total 10.0",
                        "tacho_cluster_api_requests_total 10.0",
                        "tacho_cluster_api_request_seconds_total 1.0",
                        "tacho_cluster_client_requests_total 10.0",
                        "tacho_cluster_client_request_seconds_total 0.0",
                        "tacho_cluster_clients_peak 4.0",
                        "tacho_cluster_memory_sys_peak_bytes 21.0",
                        "tacho_cluster_cpu_usage_peak_ratio 0.22");
    }

    private void addDurations() {
        long[] buckets = new long[HistogramBuckets.COUNT];
        buckets[HistogramBuckets.indexOf(2_000_000)] = 3;
        buckets[HistogramBuckets.indexOf(90_000_000_000L)] = 1;
        DurationHistogram times = DurationHistogram.of(buckets, 90_006_000_000L, 90_000_000_000L);
        durations.add(new WindowDetail(null, times.encoded(), null, null));
    }

    @Test
    void page_durationsAsAHistogram() {
        addDurations();

        assertThat(lines(MetricsFormat.PROMETHEUS))
                .contains(
                        "# TYPE tacho_cluster_client_request_duration_seconds histogram",
                        "tacho_cluster_client_request_duration_seconds_bucket{le=\"0.001\"} 0",
                        "tacho_cluster_client_request_duration_seconds_bucket{le=\"0.0025\"} 3",
                        "tacho_cluster_client_request_duration_seconds_bucket{le=\"60.0\"} 3",
                        "tacho_cluster_client_request_duration_seconds_bucket{le=\"+Inf\"} 4",
                        "tacho_cluster_client_request_duration_seconds_count 4",
                        "tacho_cluster_client_request_duration_seconds_sum 90.006",
                        "tacho_cluster_api_request_duration_seconds_bucket{le=\"+Inf\"} 0");
        assertThat(lines(MetricsFormat.OPEN_METRICS))
                .contains("# UNIT tacho_cluster_client_request_duration_seconds seconds");
    }

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
    void page_nativeHistogramNextToTheClassicOne() throws IOException {
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
    void page_protobufHasTheSamplesOfTheText() throws IOException {
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
    void page_nodesAreWrittenAsByTheClientLibrary(MetricsFormat format) throws IOException {
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
    void page_compressed() throws IOException {
        for (int i = 0; i < 100; i++) {
            view.onLoaded(stored("u" + i, 1));
        }
        FamilySelection nodes = named("tacho_node_clients", "tacho_node_channels");
        byte[] zipped = bytes(new MetricsPage.Request(MetricsFormat.PROMETHEUS, true, nodes));

        assertThat(new GZIPInputStream(new ByteArrayInputStream(zipped)).readAllBytes())
                .isEqualTo(bytes(MetricsFormat.PROMETHEUS, nodes))
                .hasSizeGreaterThan(5 * zipped.length);
    }

    /** The second page is made with the size of the first one in mind. */
    @Test
    void page_compressedAgain_whenNodesHaveLeftOrJoined() throws IOException {
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
    void page_everyLineIsWellFormed(MetricsFormat format) {
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
    void format_asTheReaderAsks(String accept, MetricsFormat format, String contentType) {
        assertThat(MetricsFormat.of(accept)).isEqualTo(format);
        assertThat(MetricsFormat.of(accept).contentType()).startsWith(contentType);
    }
}

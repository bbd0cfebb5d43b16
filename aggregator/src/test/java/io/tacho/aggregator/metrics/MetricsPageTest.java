// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import static io.tacho.testing.Snapshots.detailed;
import static io.tacho.testing.Snapshots.stored;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.alert.notify.LatestAlertStatus;
import io.tacho.aggregator.api.EventData;
import io.tacho.aggregator.cluster.TotalsCache;
import io.tacho.aggregator.collect.Collector;
import io.tacho.aggregator.events.EventFeed;
import io.tacho.aggregator.metrics.MetricsPage.Format;
import io.tacho.aggregator.view.ClusterView;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.Envelope.Conflict;
import io.tacho.model.Envelope.Writer;
import io.tacho.model.Extra;
import io.tacho.model.Extras;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.model.WindowDetail;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.HistogramBuckets;
import io.tacho.store.StoredSnapshot;
import io.tacho.testing.InMemoryTransport;
import io.tacho.testing.ManualScheduler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MetricsPageTest {

    private final ManualScheduler ticker = new ManualScheduler();
    private final ClusterView view = new ClusterView(new SnapshotCodec(), ticker, 100);
    private final Collector collector =
            new Collector(new InMemoryTransport(ticker).source(), view, ticker, Duration.ofHours(1), ticker);
    private final HttpMetrics http = new HttpMetrics();
    private final MetricsPage page = new MetricsPage(
            view,
            new TotalsCache(view, ticker),
            new EventFeed(view, new EventData(view), ticker, ticker, 1).metrics(),
            new LatestAlertStatus(),
            http,
            Runnable::run,
            ticker);

    @AfterEach
    void stop() {}

    private List<String> lines(Format format) {
        return new String(page.page(format).toCompletableFuture().join(), UTF_8)
                .lines()
                .toList();
    }

    @Test
    void page_ofANodeThatReportsAll() {
        view.onLoaded(new StoredSnapshot(detailed("u1", 1), 15_000));
        ticker.advance(Duration.ofSeconds(2));

        assertThat(lines(Format.PROMETHEUS))
                .contains(
                        "tacho_node_info{host=\"host-1\",label_role=\"007\",label_zone=\"a\",node=\"name-u1\",uid=\"u1\","
                                + "version=\"6.2.0\"} 1",
                        "tacho_node_clients{node=\"name-u1\",uid=\"u1\"} 4.0",
                        "tacho_node_last_beat_age_seconds{node=\"name-u1\",uid=\"u1\"} 2.0",
                        "tacho_node_cpu_usage_ratio{node=\"name-u1\",uid=\"u1\"} 0.22",
                        "tacho_node_memory_bytes{node=\"name-u1\",uid=\"u1\"} 21.0",
                        "tacho_node_start_time_seconds{node=\"name-u1\",uid=\"u1\"} 1.795367843E9",
                        "# TYPE tacho_node_messages_published_total counter",
                        "tacho_node_messages_published_total{node=\"name-u1\",uid=\"u1\"} 101.0",
                        "tacho_node_client_sent_bytes_total{node=\"name-u1\",uid=\"u1\"} 107.0",
                        "tacho_node_api_request_duration_seconds_count{node=\"name-u1\",uid=\"u1\"} 104",
                        "tacho_node_api_request_duration_seconds_sum{node=\"name-u1\",uid=\"u1\"} 1.08E-7",
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

        assertThat(lines(Format.PROMETHEUS))
                .contains(
                        "tacho_node_extra_num_subs{node=\"name-u1\",uid=\"u1\"} 75.0",
                        "# TYPE tacho_node_extra_disconnects_total counter",
                        "tacho_node_extra_disconnects_total{code=\"3008\",node=\"name-u1\",uid=\"u1\"} 14.0",
                        "tacho_node_timer_ping_pong_seconds{node=\"name-u1\",quantile=\"0.99\",uid=\"u1\"} 0.002",
                        "tacho_cluster_extra_num_subs 80.0",
                        "tacho_cluster_extra_disconnects{code=\"3008\"} 2.0",
                        "tacho_cluster_timer_ping_pong_seconds{quantile=\"0.5\"} 0.002");
    }

    @Test
    void page_hasAllThatTheAlertRulesAskFor() throws IOException {
        view.onLoaded(new StoredSnapshot(detailed("u1", 1), 15_000));
        String rules = Files.readString(Path.of("../deploy/prometheus/alerts.yml"));

        assertThat(Pattern.compile("tacho_[a-z_]+").matcher(rules).results().map(MatchResult::group))
                .hasSizeGreaterThan(5)
                .allSatisfy(metric -> assertThat(lines(Format.PROMETHEUS))
                        .anyMatch(line -> line.startsWith(metric + "{") || line.startsWith(metric + " ")));
    }

    @Test
    void page_totalsOfTheCluster() {
        view.onLoaded(new StoredSnapshot(detailed("u1", 1), 15_000));
        view.onLoaded(stored("u2", 1));

        assertThat(lines(Format.PROMETHEUS))
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

        assertThat(lines(Format.PROMETHEUS))
                .anyMatch(line -> line.startsWith("tacho_node_clients{"))
                .noneMatch(line ->
                        line.startsWith("tacho_node_messages") || line.startsWith("tacho_node_api_request_duration"));
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void page_emptyCluster(Format format) {
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

        assertThat(lines(Format.PROMETHEUS))
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

        assertThat(lines(Format.PROMETHEUS))
                .contains("tacho_node_clients{node=\"a\\\"b\\\\c\",uid=\"u\\\"1\\\\\"} 4.0");
    }

    /** The grammar of the format, line by line. */
    @ParameterizedTest
    @EnumSource(Format.class)
    void page_everyLineIsWellFormed(Format format) {
        view.onLoaded(new StoredSnapshot(detailed("u1", 1), 15_000));
        view.onLoaded(stored("u2", 1));
        String label = "[a-zA-Z_]\\w*=\"(?:[^\"\\\\]|\\\\[\\\\\"n])*\"";

        List<String> lines = lines(format);

        assertThat(lines)
                .allMatch(line -> line.matches("# (HELP|TYPE|UNIT) [a-z_]+ .*|# EOF")
                        || line.matches("[a-z_]+(\\{" + label + "(," + label + ")*\\})? -?[0-9][0-9.E-]*"));
        assertThat(lines).doesNotHaveDuplicates();
        assertThat(lines.get(lines.size() - 1).equals("# EOF")).isEqualTo(format == Format.OPEN_METRICS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|PROMETHEUS|text/plain",
                "*/*|PROMETHEUS|text/plain",
                "text/plain;version=0.0.4|PROMETHEUS|text/plain",
                "application/openmetrics-text;version=1.0.0,text/plain;q=0.5|OPEN_METRICS|application/openmetrics-text"
            })
    void format_asTheReaderAsks(String accept, Format format, String contentType) {
        assertThat(Format.of(accept)).isEqualTo(format);
        assertThat(Format.of(accept).contentType()).startsWith(contentType);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.metrics;

import static io.tacho.testing.Snapshots.detailed;
import static io.tacho.testing.Snapshots.leave;
import static io.tacho.testing.Snapshots.stored;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.outlier.Indicator;
import io.tacho.aggregator.outlier.Outlier;
import io.tacho.aggregator.outlier.OutlierReport;
import io.tacho.model.Envelope.Conflict;
import io.tacho.model.Envelope.Writer;
import io.tacho.model.Extra;
import io.tacho.model.Field;
import io.tacho.model.NodeTotals;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.HistogramBuckets;
import io.tacho.store.StoredSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The samples of a page. */
class MetricsPageTest extends MetricsPageTestBase {

    private static final OutlierReport MEMORY_OUTLIER = OutlierReport.of(List.of(
            new Outlier("u1", "chat", Indicator.MEMORY, 30, 10, 3, 9, Outlier.Method.MEDIAN_DEVIATION, Instant.EPOCH)));

    @Test
    void page_fullNode() {
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
    void page_hasAllMetricsOfTheAlertRules() throws IOException {
        view.onLoaded(new StoredSnapshot(detailed("u1", 1), 15_000));
        outliers = MEMORY_OUTLIER;
        String rules = Files.readString(Path.of("../deploy/prometheus/alerts.yml"));

        assertThat(Pattern.compile("tacho_[a-z_]+").matcher(rules).results().map(MatchResult::group))
                .hasSizeGreaterThan(5)
                .allSatisfy(metric -> assertThat(lines(MetricsFormat.PROMETHEUS))
                        .anyMatch(line -> line.startsWith(metric + "{") || line.startsWith(metric + " ")));
    }

    @Test
    void page_clusterTotals() {
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
    void page_nodeWithoutTotals_hasNoCounters() {
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
    void page_aggregatorMetrics() {
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
    void page_nodeNames_areEscaped() {
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
    void imbalance_equalsThatOfTheClusterTotals() {
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

    @Test
    void page_distinctUsersAndChannels_haveBounds() {
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

    @Test
    void page_durations_areAHistogram() {
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
}
